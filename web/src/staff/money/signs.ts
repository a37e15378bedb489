// How far a refund is, as a sign, and whether it goes on by itself. Only the wallet's own confirmation looks like success.

import type { RefundState } from "../../api/types.ts";
import type { IconName } from "../../design/icons.tsx";
import type { TagTone } from "../../ui/tag.tsx";

const WAITS = { tone: "warn", icon: "clock" } as const;
const DOUBTFUL = { tone: "warn", icon: "question" } as const;
const NOT_DONE = { tone: "bad", icon: "warning" } as const;

export const REFUND_SIGNS: Record<RefundState, { tone: TagTone; icon: IconName }> = {
  draft: WAITS,
  requested: WAITS,
  eligibility_checked: WAITS,
  awaiting_approval: { tone: "warn", icon: "people" },
  approved: WAITS,
  submitting: WAITS,
  submitted: WAITS,
  pending: WAITS,
  unknown: DOUBTFUL,
  action_needed: DOUBTFUL,
  succeeded: { tone: "ok", icon: "check" },
  rejected: NOT_DONE,
  declined: NOT_DONE,
  expired: NOT_DONE,
  failed: NOT_DONE,
  cancelled: NOT_DONE,
};

export type Pace = "over" | "waits" | "moves";

/** Whether nothing more happens to it, people have to act, or it moves by itself. */
export function paceOf(state: RefundState): Pace {
  switch (state) {
    case "rejected":
    case "declined":
    case "expired":
    case "succeeded":
    case "failed":
    case "cancelled":
      return "over";
    case "awaiting_approval":
    case "action_needed":
    case "unknown":
      return "waits";
    default:
      return "moves";
  }
}

/** How often refunds are fetched again, milliseconds; not at all when each is over. */
export function refreshOf(states: RefundState[]): number | false {
  const paces = states.map(paceOf);
  if (paces.includes("moves")) return 1_500;
  return paces.includes("waits") ? 5_000 : false;
}
