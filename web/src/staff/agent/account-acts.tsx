// What can be done to the customer's account in a live contact: each act with what it needs, what it does before it is asked for, and the
// way to ask. What comes of it stands among the acts on the wallet; nothing is shown as done before the wallet says so.

import { useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { AccountAct, AccountView, ContactView, Level } from "../../api/types.ts";
import { clockTime, day } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { notices } from "../shell/notice.ts";

/** Acts by what they need, as the hotline ships; the server goes by its own ladder and has the last word. */
export const ACTS: readonly [AccountAct, Level][] = [
  ["send_link", "A1"],
  ["unlock", "A2"],
  ["reset_password", "A2"],
  ["revoke_sessions", "A2"],
  ["secure_account", "A2"],
  ["enrol_factor", "A3"],
  ["close_account", "A3"],
  ["keep_open", "A3"],
  ["unlock_fraud", "A3"],
];

/** Shown too little for an act. */
export function isShort(level: Level, need: Level): boolean {
  return level < need;
}

/** Devices, sessions and the second factor, as the wallet had them when they were looked at. */
function Protection({ account }: { account: AccountView }) {
  const t = useStaff();
  const language = useLanguage();
  if (!account.is_offered) return <p className="muted">{t.accountActs.notOffered}</p>;
  const factors: Record<string, string> = t.accountActs.secondFactors;
  return (
    <div data-protection>
      <p>
        {factors[account.second_factor] ?? account.second_factor} · {t.accountActs.sessions(account.sessions)} ·{" "}
        <span className="muted">{clockTime(account.at, language)}</span>
      </p>
      {account.devices.length === 0 && <p className="muted">{t.accountActs.noDevices}</p>}
      <ul>
        {account.devices.map((device) => (
          <li key={`${device.name} ${device.bound_at}`}>
            {device.name}
            {device.bound_at && ` · ${t.accountActs.since(day(device.bound_at, language))}`}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function AccountActs({ contact }: { contact: ContactView }) {
  const t = useStaff();
  const w = useWords();
  const [asked, ask] = useState<AccountAct | null>(null);
  if (!contact.leads || !contact.connected_at || contact.ended_at !== undefined) return null;
  const isNamed = contact.customer.number !== "";
  const complain = (error: unknown) => notices.complain(w.problems[slugOfError(error)]);
  const confirm = (act: AccountAct) => {
    ask(null);
    api.actOnAccount(contact.id, act).catch(complain);
  };
  return (
    <section className="fact-card" aria-labelledby="account-acts-title">
      <header className="section-head">
        <h2 id="account-acts-title" className="section-title">
          {t.accountActs.heading}
        </h2>
      </header>
      {!isNamed && <p className="muted">{t.accountActs.nobodyNamed}</p>}
      {contact.customer.account && <Protection account={contact.customer.account} />}
      {isNamed && !isShort(contact.level, "A2") && (
        <Button icon="shield" onPress={() => void api.lookAtAccount(contact.id).catch(complain)}>
          {t.accountActs.look}
        </Button>
      )}
      <ul className="account-acts">
        {ACTS.map(([act, need]) => {
          const isMissing = isShort(contact.level, need);
          return (
            <li key={act} data-account-act={act}>
              <Button
                isDisabled={!isNamed || isMissing}
                {...(isMissing ? { "aria-describedby": `needs-${act}` } : {})}
                onPress={() => ask(act)}
              >
                {t.accountActs.names[act]}
              </Button>
              {isMissing && (
                <span id={`needs-${act}`} className="muted">
                  {t.accountActs.needs[need === "A3" ? "A3" : need === "A2" ? "A2" : "A1"]}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <Dialog
        title={asked ? t.accountActs.names[asked] : ""}
        closeLabel={w.close}
        isOpen={asked !== null}
        onClose={() => ask(null)}
      >
        {asked && (
          <>
            <p>{t.accountActs.effects[asked]}</p>
            <div className="company-buttons">
              <Button tone="accent" icon="check" onPress={() => confirm(asked)}>
                {t.accountActs.confirm}
              </Button>
            </div>
          </>
        )}
      </Dialog>
    </section>
  );
}
