// What whoever looks at a refund may decide on it, and why not. Pure. The server holds to the same; this only says it before it is tried.

import type { Me, Operation } from "../../api/types.ts";

/** Why a choice is not there for this person. */
export type Why = "own" | "ownProposal" | "supervisor" | "noEvidence";

export type Choices =
  /** It waits for a second person. */
  | { kind: "decide"; approve: Why | null; decline: Why | null }
  /** The wallet cannot tell: somebody says what they found out. */
  | { kind: "propose"; propose: Why | null }
  /** Somebody did; a supervisor confirms it or does not. */
  | { kind: "conclude"; conclude: Why | null }
  /** People have no part in what comes next. */
  | { kind: "nothing" };

type Asked = Pick<Operation, "state" | "maker" | "needs" | "evidence" | "proposal">;
type Person = Pick<Me, "number" | "role">;

export function choicesOf(refund: Asked, me: Person): Choices {
  const own = refund.maker === me.number ? "own" : null;
  if (refund.state === "awaiting_approval") {
    const tooLarge = refund.needs === "supervisor" && me.role !== "supervisor" ? "supervisor" : null;
    const bare = refund.evidence === null ? "noEvidence" : null;
    return { kind: "decide", approve: own ?? tooLarge ?? bare, decline: own };
  }
  if (refund.state === "unknown" || refund.state === "action_needed") {
    const { proposal } = refund;
    if (proposal === null) return { kind: "propose", propose: own };
    const ownProposal = proposal.by === me.number ? "ownProposal" : null;
    return { kind: "conclude", conclude: own ?? ownProposal ?? (me.role === "supervisor" ? null : "supervisor") };
  }
  return { kind: "nothing" };
}

export type Group = "decide" | "resolve" | "running";

/** Under which heading of the queue it stands. */
export function groupOf({ state }: Pick<Operation, "state">): Group {
  if (state === "awaiting_approval") return "decide";
  return state === "unknown" || state === "action_needed" ? "resolve" : "running";
}
