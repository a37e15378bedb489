// What an agent may say of a transaction, from its status and the verdict on its time. Pure. It never turns "not known"
// into good news: a word it does not know reads as unknown.

import type { TransactionView } from "../../api/types.ts";
import type { IconName } from "../../design/icons.tsx";
import type { TagTone } from "../../ui/tag.tsx";

export type Finding =
  | "arrived"
  | "refunded"
  | "on_time"
  | "late"
  | "overdue"
  | "refund_due"
  | "refund_overdue"
  | "failed"
  | "unknown";

/** The wire calls what has arrived on time, and a refund past its day overdue: a person needs them told apart. */
export function findingOf({ status, verdict }: Pick<TransactionView, "status" | "verdict">): Finding {
  switch (verdict) {
    case "on_time":
      if (status === "refunded") return "refunded";
      return status === "completed" ? "arrived" : "on_time";
    case "late":
      return "late";
    case "overdue":
      return status === "failed" ? "refund_overdue" : "overdue";
    case "refund_due":
      return "refund_due";
    default:
      return status === "failed" ? "failed" : "unknown";
  }
}

export const FINDING_SIGNS: Record<Finding, { tone: TagTone; icon: IconName }> = {
  arrived: { tone: "ok", icon: "check" },
  refunded: { tone: "ok", icon: "money" },
  on_time: { tone: "ok", icon: "clock" },
  late: { tone: "warn", icon: "clock" },
  overdue: { tone: "bad", icon: "warning" },
  refund_due: { tone: "warn", icon: "money" },
  refund_overdue: { tone: "bad", icon: "warning" },
  failed: { tone: "bad", icon: "warning" },
  unknown: { tone: "quiet", icon: "question" },
};
