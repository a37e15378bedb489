// The words of the reader's language, for the screens of each build. One hook per catalogue, so that a build carries
// only what it shows.

import { words as en } from "./en/words.ts";
import { useLanguage } from "./language.ts";
import { type Words, words as zhCN } from "./zh-CN/words.ts";

export function useWords(): Words {
  return useLanguage() === "en" ? en : zhCN;
}
