// Where the demo phone starts.

import "../../design/tokens.css";
import "./phone.css";
import "./papers.css";
import { createRoot } from "react-dom/client";
import { startTheme } from "../../design/theme.ts";
import { startLanguage } from "../../i18n/language.ts";
import { DemoPhone } from "./demo-phone.tsx";

startTheme();
startLanguage();

const root = document.getElementById("root");
if (root) createRoot(root).render(<DemoPhone />);
