// Where the desk starts: choices of the reader first, so that nothing flashes, then the screens.

import "../design/tokens.css";
import "../ui/ui.css";
import "./shell/shell.css";
import "./shell/session.css";
import "./agent/phone.css";
import "./agent/customer.css";
import "./agent/customer-panel.css";
import "./admin/directory.css";
import "./supervisor/supervisor.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { I18nProvider } from "react-aria-components";
import { createRoot } from "react-dom/client";
import { watchMicrophone } from "../call/devices.ts";
import { wakeOnGesture } from "../call/sound.ts";
import { startTheme } from "../design/theme.ts";
import { startLanguage, useLanguage } from "../i18n/language.ts";
import { App } from "./shell/app.tsx";

startTheme();
startLanguage();
wakeOnGesture();
void watchMicrophone();

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, staleTime: 2_000 } },
});

function Root() {
  const language = useLanguage();
  return (
    <I18nProvider locale={language === "en" ? "en-US" : "zh-CN"}>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </I18nProvider>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
}
