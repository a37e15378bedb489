// What a script adds to the public pages. Every page is whole without it.

import "../../design/tokens.css";
import "./site.css";
import "./hours.css";
import { keepWaitFresh } from "./wait";

keepWaitFresh(document);
