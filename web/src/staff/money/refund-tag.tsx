// How far a refund is, in a word and a sign.

import type { Operation } from "../../api/types.ts";
import { useRefundWords } from "../../i18n/use-refunds.ts";
import { Tag } from "../../ui/tag.tsx";
import { REFUND_SIGNS } from "./signs.ts";

export function RefundTag({ refund }: { refund: Pick<Operation, "state"> }) {
  const t = useRefundWords();
  return (
    <span data-refund-state={refund.state}>
      <Tag {...REFUND_SIGNS[refund.state]} text={t.states[refund.state]} />
    </span>
  );
}
