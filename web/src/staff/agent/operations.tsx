// Acts on the customer's wallet, with the reference the caller was told: in sight whatever else is looked at. What the wallet has
// not confirmed is never shown as done.

import type { OperationView } from "../../api/types.ts";
import { grouped } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { Tag } from "../../ui/tag.tsx";
import { OPERATION_SIGNS } from "./operation-signs.ts";

export function Operations({ operations }: { operations: OperationView[] }) {
  const t = useStaff();
  return (
    // Read out when it changes: the agent may be looking elsewhere while the wallet answers.
    <div role="status" className="operations" aria-label={t.freeze.heading}>
      {operations.map((operation) => (
        <Operation key={operation.id} operation={operation} />
      ))}
    </div>
  );
}

/** How far an act is, as a chip; `isBrief` on the card of an incoming call. */
export function OperationTag({
  operation,
  isBrief = false,
}: {
  operation: Pick<OperationView, "state">;
  isBrief?: boolean;
}) {
  const t = useStaff();
  const words = isBrief ? t.freeze.brief : t.freeze.states;
  return (
    <span data-operation-state={operation.state}>
      <Tag {...OPERATION_SIGNS[operation.state]} text={words[operation.state]} />
    </span>
  );
}

function Operation({ operation }: { operation: OperationView }) {
  const t = useStaff();
  const isFreeze = operation.act === "freeze";
  const names: Record<string, string> = t.accountActs.names;
  const reasons: Record<string, string> = t.accountActs.declined;
  const why = operation.declined ? reasons[operation.declined] : undefined;
  return (
    <div className="operation fact-card" data-operation={operation.id}>
      <p className="operation-head">
        <strong>{isFreeze ? t.freeze.name : (names[operation.act] ?? t.freeze.otherAct(operation.act))}</strong>
        <OperationTag operation={operation} />
        <span>
          <span className="muted">{t.freeze.reference}</span>{" "}
          <strong className="figures">{grouped(operation.reference)}</strong>
        </span>
      </p>
      <p>{isFreeze ? t.freeze.details[operation.state] : (why ?? t.accountActs.details[operation.state])}</p>
    </div>
  );
}
