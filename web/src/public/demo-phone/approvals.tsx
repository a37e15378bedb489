// What the wallet's app asks its customer in a call: who asks, what for, and the code that the agent reads out. Nothing is agreed to by a
// bare yes.

import { useEffect, useState } from "react";
import { demoApi } from "../../api/client.ts";
import type { DemoApproval } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { clockTime, money } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useWalletApp } from "../../i18n/use-wallet-app.ts";
import { poll } from "./poll.ts";

/** Milliseconds between looks: the agent reads the code out by now. */
const REFRESH_MS = 1_500;
/** Digits of a code. */
const CODE_MAX = 3;

export function Approvals({ msisdn }: { msisdn: string }) {
  const [open, setOpen] = useState<DemoApproval[]>([]);
  useEffect(() => {
    let isCurrent = true;
    const look = async () => {
      // What cannot be listed is not asked: the agent's code runs out by itself.
      const found = await demoApi.approvals(msisdn).catch(() => []);
      if (isCurrent) setOpen(found);
    };
    const stop = poll(look, REFRESH_MS);
    return () => {
      isCurrent = false;
      setOpen([]);
      stop();
    };
  }, [msisdn]);
  const newest = open.at(-1);
  return newest ? <Asked key={newest.id} msisdn={msisdn} approval={newest} /> : null;
}

function Asked({ msisdn, approval }: { msisdn: string; approval: DemoApproval }) {
  const t = useWalletApp();
  const language = useLanguage();
  const [code, setCode] = useState("");
  const [said, setSaid] = useState("");
  const { id, agent, operation, amount, currency, payee, asked_at } = approval;
  const answer = async (typed: string | null) => {
    try {
      await demoApi.answerApproval(msisdn, id, typed);
      const open = await demoApi.approvals(msisdn);
      setSaid(open.some((other) => other.id === id) ? t.approval.wrong : "");
    } catch {
      setSaid(t.approval.over);
    }
    setCode("");
  };
  return (
    <section className="panel approval" aria-labelledby="approval-title" data-approval={operation}>
      <h2 id="approval-title">
        <Icon name="shield" size={24} /> <span role="status">{t.approval.title(agent)}</span>
      </h2>
      <p>{t.approval.what(t.approval.operations[operation] ?? operation)}</p>
      {amount && currency && <p>{t.approval.amount(money(amount, currency, language))}</p>}
      {payee && <p>{t.approval.payee(payee)}</p>}
      <p>{t.approval.at(clockTime(asked_at, language))}</p>
      <p className="muted">{t.approval.advice}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void answer(code);
        }}
      >
        <label>
          {t.approval.code}{" "}
          <input
            name="approval-code"
            inputMode="numeric"
            autoComplete="off"
            maxLength={CODE_MAX}
            required
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        </label>
        <p role="alert">{said}</p>
        <div className="call-row">
          <button type="button" className="plain" onClick={() => void answer(null)}>
            {t.approval.refuse}
          </button>
          <button type="submit" className="call">
            {t.approval.approve}
          </button>
        </div>
      </form>
    </section>
  );
}
