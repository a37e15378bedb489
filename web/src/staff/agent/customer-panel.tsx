// The customer of the live contact: what was done to their wallet, and a part for each kind of question. What is not shown says
// what it would need.

import { type ReactNode, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { ContactView } from "../../api/types.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { RefundCard } from "../money/refund-card.tsx";
import { useRefundsOf } from "../money/use-refunds-of.ts";
import { AccountActs } from "./account-acts.tsx";
import { needOf } from "./assurance.ts";
import { CaseReference } from "./case-reference.tsx";
import { CaseSearch } from "./case-search.tsx";
import { CUSTOMER_TABS, type CustomerTab, firstTab } from "./customer-tabs.ts";
import { Operations } from "./operations.tsx";
import { PassCard } from "./pass-card.tsx";
import { TransactionCard } from "./transaction-card.tsx";
import { useKeyLabels, useShortcuts } from "./use-shortcuts.ts";
import { WatchButton } from "./watch-button.tsx";

export function CustomerPanel({ contact }: { contact: ContactView }) {
  const t = useStaff();
  const keys = useKeyLabels();
  const [tab, open] = useState<CustomerTab>(() => firstTab(contact));
  const { level, customer } = contact;
  const { data: refunds } = useRefundsOf(contact.id);
  const need = needOf(level, customer);
  useShortcuts((act) => {
    const named = CUSTOMER_TABS.find((each) => act === `tab_${each}`);
    if (named) open(named);
    return named !== undefined;
  });
  const counts: Partial<Record<CustomerTab, number>> = { refunds: refunds?.length ?? 0, cases: customer.case ? 1 : 0 };
  const parts: Record<CustomerTab, ReactNode> = {
    payment: (
      <>
        {contact.pass && <PassCard contact={contact.id} pass={contact.pass} isLive={contact.ended_at === undefined} />}
        <TransactionCard
          transaction={customer.transaction ?? null}
          absence={need === null ? t.transaction.none : t.customer[need]}
          foot={<WatchButton contact={contact} />}
        />
      </>
    ),
    account: <AccountActs contact={contact} />,
    refunds: <RefundCard contact={contact} />,
    cases: (
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
    ),
  };
  return (
    <section className="customer-panel" aria-label={t.customer.region}>
      <Operations operations={customer.operations} />
      <Tabs
        className="customer-tabs"
        selectedKey={tab}
        onSelectionChange={(key) => open(CUSTOMER_TABS.find((each) => each === key) ?? tab)}
      >
        <TabList className="tab-list" aria-label={t.customer.region}>
          {CUSTOMER_TABS.map((each) => (
            <Tab key={each} id={each} className="tab" data-customer-tab={each}>
              {t.customer.tabs[each]}
              {(counts[each] ?? 0) > 0 && <span className="tab-count figures">{counts[each]}</span>}
              <span className="kbd" aria-hidden="true">
                {keys[`tab_${each}`]}
              </span>
            </Tab>
          ))}
        </TabList>
        {CUSTOMER_TABS.map((each) => (
          <TabPanel key={each} id={each} className="tab-panel">
            {parts[each]}
          </TabPanel>
        ))}
      </Tabs>
    </section>
  );
}
