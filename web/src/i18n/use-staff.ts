// The desk's words in the reader's language.

import { staff as en } from "./en/staff.ts";
import { useLanguage } from "./language.ts";
import { type StaffMessages, staff as zhCN } from "./zh-CN/staff.ts";

export function useStaff(): StaffMessages {
  return useLanguage() === "en" ? en : zhCN;
}
