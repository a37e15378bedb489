// The results an agent can choose, and which six stand first for what the call was about. The system's own findings are
// not among them. The ranking is a convenience: every result can be reached from every call.

import type { Disposition, Service } from "../../api/types.ts";

export const AGENT_CODES: readonly Disposition[] = [
  "resolved",
  "info_only",
  "pending_within_window",
  "dispute_opened",
  "refund_requested",
  "complaint",
  "account_unlocked",
  "account_frozen",
  "verification_failed",
  "suspected_fraud",
  "callback_booked",
  "transferred",
  "dropped",
  "wrong_number",
];

/** How many carry a digit. */
export const RANKED = 6;

const FIRST: Record<Service | "none", readonly Disposition[]> = {
  account: ["resolved", "account_unlocked", "info_only", "verification_failed", "suspected_fraud", "callback_booked"],
  transactions: [
    "resolved",
    "pending_within_window",
    "dispute_opened",
    "refund_requested",
    "info_only",
    "verification_failed",
  ],
  security: ["resolved", "account_frozen", "suspected_fraud", "info_only", "verification_failed", "callback_booked"],
  refunds: ["refund_requested", "complaint", "dispute_opened", "resolved", "pending_within_window", "info_only"],
  features: ["info_only", "resolved", "complaint", "callback_booked", "wrong_number", "dropped"],
  freeze: ["account_frozen", "suspected_fraud", "verification_failed", "resolved", "info_only", "dropped"],
  none: ["resolved", "info_only", "complaint", "callback_booked", "wrong_number", "dropped"],
};

/** All codes, the six for `service` in front. */
export function rankedCodes(service: Service | null | undefined): Disposition[] {
  const first = FIRST[service ?? "none"];
  return [...first, ...AGENT_CODES.filter((code) => !first.includes(code))];
}
