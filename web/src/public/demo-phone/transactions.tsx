// What the chosen customer paid and received, with the IDs that the hotline asks for.

import type { DemoCustomer } from "../../api/types.ts";
import { grouped, money } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { usePhone } from "../../i18n/use-phone.ts";

export function Transactions({ customer }: { customer: DemoCustomer }) {
  const t = usePhone();
  const language = useLanguage();
  return (
    <section className="panel" aria-labelledby="transactions-title">
      <h2 id="transactions-title">{t.transactions.heading}</h2>
      {customer.transactions.length === 0 ? (
        <p className="muted">{t.transactions.none}</p>
      ) : (
        <>
          <p className="muted">{t.transactions.hint}</p>
          <ul className="transactions" data-transactions>
            {customer.transactions.map((transaction) => (
              <li key={transaction.id} className="transaction">
                <span>
                  <strong>{t.transactions.types[transaction.type] ?? transaction.type}</strong>
                  <span className="muted">
                    {t.transactions.statuses[transaction.status.toLowerCase()] ?? transaction.status}
                  </span>
                </span>
                <span>
                  <span className="muted digits">{grouped(transaction.id)}</span>
                  <strong>{money(transaction.amount, transaction.currency, language)}</strong>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
