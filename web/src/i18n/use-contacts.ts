// The words of the search for past contacts in the reader's language.

import { contacts as en } from "./en/contacts.ts";
import { useLanguage } from "./language.ts";
import { type ContactsMessages, contacts as zhCN } from "./zh-CN/contacts.ts";

export function useContactsWords(): ContactsMessages {
  return useLanguage() === "en" ? en : zhCN;
}
