// The customer of the live contact: the transaction asked about, acts on the wallet, the case. What is not shown says what
// it would need.

import type { ContactView } from "../../api/types.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { RefundCard } from "../money/refund-card.tsx";
import { AccountActs } from "./account-acts.tsx";
import { needOf } from "./assurance.ts";
import { CaseReference } from "./case-reference.tsx";
import { CaseSearch } from "./case-search.tsx";
import { Operations } from "./operations.tsx";
import { PassCard } from "./pass-card.tsx";
import { TransactionCard } from "./transaction-card.tsx";
import { WatchButton } from "./watch-button.tsx";

export function CustomerPanel({ contact }: { contact: ContactView }) {
  const t = useStaff();
  const { level, customer } = contact;
  const need = needOf(level, customer);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className="customer-panel" aria-label={t.customer.region} tabIndex={0}>
      {contact.pass && <PassCard contact={contact.id} pass={contact.pass} isLive={contact.ended_at === undefined} />}
      <TransactionCard
        transaction={customer.transaction ?? null}
        absence={need === null ? t.transaction.none : t.customer[need]}
      />
      <WatchButton contact={contact} />
      <div className="customer-acts">
        <Operations operations={customer.operations} />
        <AccountActs contact={contact} />
        <RefundCard contact={contact} />
        <section className="fact-card" aria-labelledby="case-title">
          <header className="section-head">
            <h2 id="case-title" className="section-title">
              {t.cases.heading}
            </h2>
          </header>
          {customer.case ? (
            <CaseReference key={customer.case} reference={customer.case} />
          ) : (
            <p className="muted">{t.cases.none}</p>
          )}
          <CaseSearch contact={contact} />
        </section>
      </div>
    </section>
  );
}
