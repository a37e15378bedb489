// The transaction the caller asked about: how it stands against its usual time, what that rests on, and what was observed
// of it. It shows what the server sent for this level and nothing it worked out about the account.

import type { ReactNode } from "react";
import type { TransactionView } from "../../api/types.ts";
import { grouped, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { Tag } from "../../ui/tag.tsx";
import { FINDING_SIGNS, findingOf } from "./finding.ts";

type Props = {
  transaction: TransactionView | null;
  /** Why none is shown, in words. */
  absence: string;
  /** What can be done about it. */
  foot?: ReactNode;
};

export function TransactionCard({ transaction, absence, foot }: Props) {
  const t = useStaff();
  return (
    <section className="fact-card" aria-labelledby="transaction-title" data-transaction={transaction?.id ?? ""}>
      <header className="section-head">
        <h2 id="transaction-title" className="section-title">
          {t.transaction.heading}
        </h2>
        {transaction && <FindingTag transaction={transaction} />}
      </header>
      {transaction ? <Known transaction={transaction} /> : <p className="muted">{absence}</p>}
      {foot}
    </section>
  );
}

/** The finding as a chip; also on the card of an incoming call. */
export function FindingTag({ transaction }: { transaction: TransactionView }) {
  const t = useStaff();
  const finding = findingOf(transaction);
  return (
    <span data-finding={finding}>
      <Tag {...FINDING_SIGNS[finding]} text={t.transaction.findings[finding]} />
    </span>
  );
}

function Known({ transaction }: { transaction: TransactionView }) {
  const t = useStaff();
  const language = useLanguage();
  const now = Date.now();
  const type = t.transaction.types[transaction.type] ?? transaction.type;
  const status = t.transaction.statuses[transaction.status] ?? transaction.status;
  return (
    <>
      <p>
        <strong className="figures">{grouped(transaction.id)}</strong>{" "}
        <span className="muted fact-aside">
          {type} · {status}
        </span>
      </p>
      <dl className="fact-list">
        {transaction.by && (
          <>
            <dt>{t.transaction.by[findingOf(transaction)]}</dt>
            <dd>
              <time dateTime={transaction.by}>{shortTime(transaction.by, now, language)}</time>
            </dd>
          </>
        )}
        <dt>{t.transaction.basis}</dt>
        <dd>{transaction.basis[language] ?? t.transaction.noBasis}</dd>
      </dl>
      <h3 className="fact-title">{t.transaction.history}</h3>
      {transaction.events.length === 0 ? (
        <p className="muted">{t.transaction.noHistory}</p>
      ) : (
        <ol className="steps">
          {transaction.events.map((event) => (
            <li key={`${event.at} ${event.what}`}>
              <time dateTime={event.at}>{shortTime(event.at, now, language)}</time>
              <span>{t.transaction.events[event.what] ?? event.what}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
