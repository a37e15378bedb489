// What the wallet really did to accounts: one line for each effect, so that anybody can see that an act happened once.

import { useEffect, useState } from "react";
import { demoApi } from "../../api/client.ts";
import type { DemoLedgerEntry } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { usePhone } from "../../i18n/use-phone.ts";
import { poll } from "./poll.ts";

/** Milliseconds between looks. */
const REFRESH_MS = 3_000;

export function Ledger() {
  const t = usePhone();
  const language = useLanguage();
  const [entries, setEntries] = useState<DemoLedgerEntry[]>([]);
  const [isStale, setStale] = useState(false);

  useEffect(
    () =>
      poll(async () => {
        try {
          const found = await demoApi.ledger();
          setEntries(found.toSorted((a, b) => b.id - a.id));
          setStale(false);
        } catch {
          setStale(true);
        }
      }, REFRESH_MS),
    [],
  );

  return (
    <div className="control-group">
      <h3>{t.controls.ledger}</h3>
      <p className="muted">{t.controls.ledgerHint}</p>
      {isStale && <p className="stale">{t.customer.stale}</p>}
      {entries.length === 0 && <p className="muted">{t.controls.ledgerNone}</p>}
      <ol className="ledger" data-ledger={entries.length}>
        {entries.map((entry) => (
          <li key={entry.id}>
            <span className="message-head">
              <strong>
                {t.controls.ledgerActs[entry.operation] ?? entry.operation} · {entry.account}
              </strong>
              <time dateTime={entry.at} className="muted">
                {shortTime(entry.at, Date.now(), language)}
              </time>
            </span>
            <span className="muted ledger-key">{t.controls.ledgerKey(entry.correlation_id)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
