// The words of the staff page in the reader's language.

import { members as en } from "./en/members.ts";
import { useLanguage } from "./language.ts";
import { type MembersMessages, members as zhCN } from "./zh-CN/members.ts";

export function useMembersWords(): MembersMessages {
  return useLanguage() === "en" ? en : zhCN;
}
