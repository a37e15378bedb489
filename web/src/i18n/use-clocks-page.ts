// The words of the page of clocks in the reader's language.

import { clocksPage as en } from "./en/clocks-page.ts";
import { useLanguage } from "./language.ts";
import { type ClocksPageMessages, clocksPage as zhCN } from "./zh-CN/clocks-page.ts";

export function useClocksPageWords(): ClocksPageMessages {
  return useLanguage() === "en" ? en : zhCN;
}
