// What a level of assurance lets an agent see, and what is missing when something is not shown. The server decides; this
// only explains.

import type { CustomerView, Level } from "../../api/types.ts";
import type { IconName } from "../../design/icons.tsx";

/** From A2 on a customer is verified. */
export function isVerified(level: Level): boolean {
  return level !== "A0" && level !== "A1";
}

export function levelIcon(level: Level): IconName {
  if (level === "A0") return "shield";
  return level === "A1" ? "warning" : "proven";
}

/** Signals that make a code sent to the phone prove nothing. */
const VOIDS_CODES = new Set(["sim_swap", "call_forwarding", "young_device", "recent_recovery", "pressure"]);

export type Need = "needsCode" | "codesCountForNothing";

/** What has to happen before account facts can be shown; none when they can. */
export function needOf(level: Level, { risk }: Pick<CustomerView, "risk">): Need | null {
  if (isVerified(level)) return null;
  return risk.some((signal) => VOIDS_CODES.has(signal)) ? "codesCountForNothing" : "needsCode";
}
