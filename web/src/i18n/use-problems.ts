// What the server refuses, in the reader's language.

import { problems as en } from "./en/problems.ts";
import { useLanguage } from "./language.ts";
import { type Problems, problems as zhCN } from "./zh-CN/problems.ts";

export function useProblems(): Problems {
  return useLanguage() === "en" ? en : zhCN;
}
