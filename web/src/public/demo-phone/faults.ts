// The ways in which the demo's wallet can be made to misbehave, and which of them can be ordered together.

import type { DemoFault } from "../../api/types.ts";

export const OPERATIONS = [
  "freeze",
  "transaction",
  "transactions",
  "account",
  "status",
  "identities",
  "heartbeat",
  "any",
] as const;

export const FAULTS = [
  "timeout_after",
  "timeout_before",
  "late",
  "slow",
  "fail",
  "fail_after",
  "garbage",
  "twice",
  "down",
  "reject",
] as const;

export type WalletOperation = (typeof OPERATIONS)[number];
export type WalletFault = (typeof FAULTS)[number];

/** As often as a demonstration needs. */
export const COUNT_MAX = 100;

/** The order as the server takes it, or what is wrong with it: only a change can be late, and a count is a whole number. */
export function orderOf(
  operation: WalletOperation,
  fault: WalletFault,
  count: string,
): { order: DemoFault } | { wrong: "lateHint" | "countHint" } {
  if (fault === "late" && operation !== "freeze" && operation !== "any") return { wrong: "lateHint" };
  const times = /^\d{1,3}$/.test(count.trim()) ? Number(count) : 0;
  if (times < 1 || times > COUNT_MAX) return { wrong: "countHint" };
  return { order: { operation, fault, count: times } };
}
