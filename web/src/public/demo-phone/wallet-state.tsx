// The chosen customer's account as the wallet has it now: what a freeze or an unlock changes.

import type { DemoCustomer } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { usePhone } from "../../i18n/use-phone.ts";
import type { PhoneMessages } from "../../i18n/zh-CN/phone.ts";
import { OneTimeCode } from "./one-time-code.tsx";

/** Whether the account can be used, and how that is said. */
export function accountState(
  { status, sub_status }: DemoCustomer,
  t: PhoneMessages,
): { isOpen: boolean; text: string } {
  const isOpen = status === "available";
  const reason = isOpen ? undefined : t.customer.subStatuses[sub_status];
  return { isOpen, text: reason ?? t.customer.statuses[status] ?? status };
}

export function WalletState({ customer, isStale }: { customer: DemoCustomer; isStale: boolean }) {
  const t = usePhone();
  const { isOpen, text } = accountState(customer, t);
  return (
    <section className="panel" aria-labelledby="wallet-title" data-account={customer.account}>
      <h2 id="wallet-title">{t.customer.wallet}</h2>
      {isStale && <p className="stale">{t.customer.stale}</p>}
      <p className="wallet-line">
        <span>
          {customer.name} <span className="muted">{customer.account}</span>
        </span>
        <span role="status" className={`state-chip ${isOpen ? "state-chip-ok" : "state-chip-bad"}`}>
          <Icon name={isOpen ? "check" : "lock"} size={16} />
          <span data-status={customer.status} data-sub-status={customer.sub_status}>
            {text}
          </span>
        </span>
      </p>
      {customer.totp_secret && (
        <>
          <OneTimeCode secret={customer.totp_secret} />
          <p className="muted">
            {t.customer.secret}: <code>{customer.totp_secret}</code>
          </p>
        </>
      )}
    </section>
  );
}
