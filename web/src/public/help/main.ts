// What a script adds to the public pages. Every page is whole without it.

import "../../design/tokens.css";
import "./site.css";
