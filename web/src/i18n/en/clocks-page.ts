// Words of the page that lists which clocks run, in English.

import type { ClocksPageMessages } from "../zh-CN/clocks-page.ts";

export const clocksPage = {
  title: "Deadlines",
  toDesk: "Desk",
  notYours: "This page is for supervisors, handlers, compliance and auditors.",
  none: "No such deadline.",
  filter: "Show",
  filters: { all: "All", running: "Running", paused: "Standing still", over: "Passed" },
  alerts: { half: "Half the time is used", most: "Four fifths of the time are used" },
  due: (at: string, zone: string) => `due ${at} (${zone})`,
  noDay: "no day, as it stands",
  open: (reference: string) => `Open case ${reference}`,
} satisfies ClocksPageMessages;
