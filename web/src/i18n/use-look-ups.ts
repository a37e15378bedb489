// The words of look-ups in the reader's language.

import { lookUps as en } from "./en/look-ups.ts";
import { useLanguage } from "./language.ts";
import { type LookUpMessages, lookUps as zhCN } from "./zh-CN/look-ups.ts";

export function useLookUpWords(): LookUpMessages {
  return useLanguage() === "en" ? en : zhCN;
}
