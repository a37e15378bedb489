// The provisional credit of a case: how much, how far, and who agreed. One person proposes it, a second agrees once the money was moved at the
// wallet; the same holds for taking it back.

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client.ts";
import { type ProblemSlug, slugOfError } from "../../api/problem.ts";
import type { Case, CaseCredit, CreditAct, Role } from "../../api/types.ts";
import { money } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useCaseWords } from "../../i18n/use-cases.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useSession } from "../shell/session.ts";

/** What somebody of this role may do as a credit stands, proposing aside; the server holds to more. */
export function creditActs(credit: CaseCredit | null, role: Role): CreditAct[] {
  const proposes = role === "handler" || role === "supervisor";
  const decides = role === "checker" || role === "supervisor" || role === "compliance";
  switch (credit?.state) {
    case "proposed":
    case "reversal_proposed":
      return decides ? ["agree", "decline"] : [];
    case "given":
      return proposes ? ["propose_reversal", "keep"] : [];
    default:
      return [];
  }
}

/** Whether somebody of this role may propose one now. */
export function mayPropose(found: Pick<Case, "credit" | "clocks">, role: Role): boolean {
  const known = found.clocks.some((clock) => clock.provisional_credit !== null);
  const free = found.credit === null || found.credit.state === "declined";
  return known && free && (role === "handler" || role === "supervisor");
}

export function CaseCreditPanel({ found }: { found: Case }) {
  const t = useCaseWords();
  const w = useWords();
  const language = useLanguage();
  const queries = useQueryClient();
  const me = useSession().data;
  const [problem, setProblem] = useState<ProblemSlug | null>(null);
  const [busy, setBusy] = useState(false);
  const [amount, setAmount] = useState("");
  const [currency, setCurrency] = useState("");
  const c = t.credit;
  const rule = found.clocks.find((clock) => clock.provisional_credit !== null)?.provisional_credit ?? null;
  if (me === null || me === undefined || (rule === null && found.credit === null)) return null;

  const act = async (asked: CreditAct, sum?: { amount: string; currency: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      const credit = await api.ruleCredit(found.reference, asked, sum);
      queries.setQueryData(["case", found.reference], (before: Case | undefined) => before && { ...before, credit });
    } catch (error) {
      setProblem(slugOfError(error));
    }
    setBusy(false);
  };
  const propose = (event: FormEvent) => {
    event.preventDefault();
    void act("propose", { amount: amount.trim(), currency: currency.trim().toUpperCase() });
  };

  return (
    <section className="case-clocks" aria-label={c.heading}>
      <h4>{c.heading}</h4>
      {problem !== null && (
        <p className="form-problem" role="alert">
          {w.problems[problem]}
        </p>
      )}
      {found.credit !== null && (
        <p data-credit={found.credit.state}>
          <strong>{money(found.credit.amount, found.credit.currency, language)}</strong>{" "}
          <Tag
            tone={found.credit.state === "given" ? "ok" : "quiet"}
            icon="money"
            text={c.states[found.credit.state]}
          />{" "}
          <span className="muted small">{c.people(found.credit.proposed_by, found.credit.decided_by)}</span>
        </p>
      )}
      {rule !== null && (
        <p className="muted small">
          {rule.amount[language]} · {rule.reversal[language]}
        </p>
      )}
      {creditActs(found.credit, me.role).length > 0 && (
        <>
          <p className="muted small">{c.byHand}</p>
          <p className="clock-acts">
            {creditActs(found.credit, me.role).map((asked) => (
              <Button key={asked} isDisabled={busy} onPress={() => void act(asked)}>
                {c.acts[asked]}
              </Button>
            ))}
          </p>
        </>
      )}
      {mayPropose(found, me.role) && (
        <form className="clock-acts" onSubmit={propose} noValidate>
          <TextField label={c.amount} value={amount} onChange={setAmount} inputMode="decimal" maxLength={20} />
          <TextField label={c.currency} value={currency} onChange={setCurrency} maxLength={3} />
          <Button type="submit" isDisabled={busy}>
            {c.acts.propose}
          </Button>
        </form>
      )}
    </section>
  );
}
