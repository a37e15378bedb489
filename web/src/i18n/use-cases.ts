// The words of cases that a customer waits for, in the reader's language.

import { cases as en } from "./en/cases.ts";
import { useLanguage } from "./language.ts";
import { type CaseMessages, cases as zhCN } from "./zh-CN/cases.ts";

export function useCaseWords(): CaseMessages {
  return useLanguage() === "en" ? en : zhCN;
}
