// How far an act on a wallet is, as a sign. Only the wallet's own confirmation looks like success.

import type { OperationState } from "../../api/types.ts";
import type { IconName } from "../../design/icons.tsx";
import type { TagTone } from "../../ui/tag.tsx";

export const OPERATION_SIGNS: Record<OperationState, { tone: TagTone; icon: IconName }> = {
  awaiting_second: { tone: "warn", icon: "clock" },
  committed: { tone: "warn", icon: "clock" },
  sending: { tone: "warn", icon: "clock" },
  unknown: { tone: "warn", icon: "question" },
  reconciling: { tone: "warn", icon: "question" },
  done: { tone: "ok", icon: "lock" },
  declined: { tone: "bad", icon: "warning" },
  given_up: { tone: "bad", icon: "warning" },
};

/** Nothing more happens to it by itself. */
export function isOver(state: OperationState): boolean {
  return state === "done" || state === "declined" || state === "given_up";
}
