// The words of logging in with a second factor, in the reader's language.

import { session as en } from "./en/session.ts";
import { useLanguage } from "./language.ts";
import { type SessionMessages, session as zhCN } from "./zh-CN/session.ts";

export function useSessionWords(): SessionMessages {
  return useLanguage() === "en" ? en : zhCN;
}
