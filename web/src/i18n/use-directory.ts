// The directory's words in the reader's language.

import { directory as en } from "./en/directory.ts";
import { useLanguage } from "./language.ts";
import { type DirectoryMessages, directory as zhCN } from "./zh-CN/directory.ts";

export function useDirectoryWords(): DirectoryMessages {
  return useLanguage() === "en" ? en : zhCN;
}
