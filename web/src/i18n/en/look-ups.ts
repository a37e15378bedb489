// Words of showing a masked number, and of the page where such look-ups are seen, in English.

import type { LookUpMessages } from "../zh-CN/look-ups.ts";

export const lookUps = {
  show: "Show the whole number",
  heading: "Why do you need the whole number?",
  reason: "Reason (4 to 200 characters)",
  recorded:
    "It goes on record and is shown for 30 seconds. Outside a live contact a supervisor or compliance looks at it.",
  submit: "Show",
  hidesIn: (s: number) => `hidden in ${s} s`,
  title: "Numbers looked up",
  toDesk: "Desk",
  notYours: "This page is for supervisors and compliance.",
  none: "No look-up waits to be seen.",
  by: (agent: string, at: string) => `Agent ${agent} · ${at}`,
  contact: "Contact",
  seen: "Seen",
  seenOf: (agent: string, at: string) => `Seen: the look-up of agent ${agent} at ${at}`,
} satisfies LookUpMessages;
