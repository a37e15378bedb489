// The demo phone's words in the reader's language.

import { phone as en } from "./en/phone.ts";
import { useLanguage } from "./language.ts";
import { type PhoneMessages, phone as zhCN } from "./zh-CN/phone.ts";

export function usePhone(): PhoneMessages {
  return useLanguage() === "en" ? en : zhCN;
}
