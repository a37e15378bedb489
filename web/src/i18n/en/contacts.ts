// Words of the search for past contacts and their recordings, in English.

import type { ContactsMessages } from "../zh-CN/contacts.ts";

export const contacts = {
  title: "Past contacts",
  toDesk: "Desk",
  notYours: "This page is for supervisors, auditors and compliance.",
  search: "Search",
  from: "From",
  to: "To",
  agent: "Agent number",
  line: "Line",
  service: "Service",
  anyService: "Any service",
  recorded: "Only with a recording",
  held: "Only on legal hold",
  find: "Find",
  found: (count: string) => `Contacts found: ${count}`,
  most: (count: string) => `Only the newest ${count} are shown: ask for less`,
  none: "No contact fits",
  failed: "The contacts could not be fetched",
  when: "When",
  caller: "Caller",
  agents: "Agents",
  recording: "Recording",
  hasRecording: "Recorded",
  onHold: "On legal hold",
  noRecording: "None",
  open: (caller: string, when: string) => `Open the contact with ${caller} at ${when}`,
  withheld: "Number withheld",
  onRecord: "Searching, reading and listening go on record.",
} satisfies ContactsMessages;
