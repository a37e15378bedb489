// Refunds of the live contact's customer: what was asked for and how far it is, and the way to ask for another. Nothing here is
// optimistic: what stands here is what the server said last.

import { useState } from "react";
import { operationApi } from "../../api/client.ts";
import type { ContactView, Operation } from "../../api/types.ts";
import { grouped, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useRefundProblem, useRefundWords } from "../../i18n/use-refunds.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button } from "../../ui/button.tsx";
import { needOf } from "../agent/assurance.ts";
import { notices } from "../shell/notice.ts";
import { RefundDialog } from "./refund-dialog.tsx";
import { RefundTag } from "./refund-tag.tsx";
import { useSum } from "./sum-of.ts";
import { useRefundsAgain, useRefundsOf } from "./use-refunds-of.ts";

export function RefundCard({ contact }: { contact: ContactView }) {
  const t = useRefundWords();
  const staff = useStaff();
  const [isOpen, setOpen] = useState(false);
  const { data, isError } = useRefundsOf(contact.id);
  const need = needOf(contact.level, contact.customer);
  const isLive = contact.ended_at === undefined;
  const missing = isLive ? need && staff.customer[need] : t.card.needsLive;
  return (
    <section className="fact-card" aria-labelledby="refunds-title">
      <header className="section-head">
        <h2 id="refunds-title" className="section-title">
          {t.card.heading}
        </h2>
      </header>
      {isError && <p className="form-problem">{t.card.failed}</p>}
      {data?.length === 0 && <p className="muted">{t.card.none}</p>}
      {/* Read out when it changes: the agent may be looking elsewhere while somebody decides. */}
      <div role="status" className="operations">
        {data?.map((refund) => (
          <Refund key={refund.id} refund={refund} contact={contact} isLive={isLive} />
        ))}
      </div>
      {!contact.monitor && (
        <p className="operation-head">
          <Button icon="money" isDisabled={missing !== null} onPress={() => setOpen(true)}>
            {t.card.open}
          </Button>
          {missing !== null && <span className="muted">{missing}</span>}
        </p>
      )}
      <RefundDialog contact={contact} isOpen={isOpen && isLive} onClose={() => setOpen(false)} />
    </section>
  );
}

function Refund({ refund, contact, isLive }: { refund: Operation; contact: ContactView; isLive: boolean }) {
  const t = useRefundWords();
  const sum = useSum();
  return (
    <div className="operation" data-refund={refund.reference}>
      <p className="operation-head">
        <RefundTag refund={refund} />
        <strong className="figures">{grouped(refund.reference)}</strong>
        <span className="figures">{sum(refund.amount)}</span>
      </p>
      {refund.unfit !== null && <p>{t.unfit[refund.unfit]}</p>}
      {refund.state === "awaiting_approval" && refund.evidence === null && isLive && (
        <Evidence refund={refund} contact={contact} />
      )}
    </div>
  );
}

/** The customer's second factor that a refund still lacks, recorded once they have shown it. */
function Evidence({ refund, contact }: { refund: Operation; contact: ContactView }) {
  const t = useRefundWords();
  const language = useLanguage();
  const told = useRefundProblem();
  const again = useRefundsAgain(contact.id);
  const [isBusy, setBusy] = useState(false);
  const isShown = contact.level === "A3" || contact.level === "A4";
  const take = async () => {
    setBusy(true);
    try {
      await operationApi.takeEvidence(refund.id, contact.id);
      notices.tell(t.card.evidenceTaken(grouped(refund.reference)));
    } catch (error) {
      notices.complain(told(error));
    }
    await again();
    setBusy(false);
  };
  return (
    <>
      <p className="form-problem">{t.card.evidenceMissing(shortTime(refund.decide_by, Date.now(), language))}</p>
      {!contact.monitor && (
        <p className="operation-head">
          <Button icon="shield" isDisabled={!isShown || isBusy} onPress={() => void take()}>
            {t.card.takeEvidence}
          </Button>
          {!isShown && <span className="muted">{t.card.evidenceNeeds}</span>}
        </p>
      )}
    </>
  );
}
