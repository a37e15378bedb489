// What a second person decides on a refund, with the reason. A choice that is not theirs says why; each asks for a fresh confirmation of who
// is at the desk where the server wants one.

import { useState } from "react";
import { operationApi } from "../../api/client.ts";
import type { Me, Operation, OperationDecision } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useRefundProblem, useRefundWords } from "../../i18n/use-refunds.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useConfirmation } from "../shell/confirmation.tsx";
import { type Choices, choicesOf, type Why } from "./choices.ts";
import { REASON_MAX } from "./request.ts";

type Props = { refund: Operation; me: Me; onActed: () => Promise<void> };

export function DecisionForm({ refund, me, onActed }: Props) {
  const t = useRefundWords();
  const language = useLanguage();
  const told = useRefundProblem();
  const { run, dialog } = useConfirmation();
  const [reason, setReason] = useState("");
  const [isBare, setBare] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ text: string; isBad: boolean } | null>(null);
  const choices = choicesOf(refund, me);

  const decide = async (decision: OperationDecision) => {
    if (isBusy) return;
    const needsReason = decision.decision !== "approve";
    setBare(needsReason && reason.trim() === "");
    setSaid(null);
    if (needsReason && reason.trim() === "") return;
    setBusy(true);
    try {
      await run(() => operationApi.decide(refund.id, decision));
      setReason("");
      setSaid({ text: t.act.done[decision.decision], isBad: false });
    } catch (error) {
      setSaid({ text: told(error), isBad: true });
    }
    await onActed();
    setBusy(false);
  };
  const why = reason.trim();
  const hasReason = choices.kind !== "nothing";
  return (
    <section className="fact-card approval-decision" aria-labelledby="approval-decision">
      <h3 id="approval-decision">{t.act.heading}</h3>
      {choices.kind === "conclude" && refund.proposal !== null && (
        <p data-proposal={refund.proposal.outcome}>
          {t.act.proposed(
            refund.proposal.by,
            t.outcomes[refund.proposal.outcome],
            shortTime(refund.proposal.at, Date.now(), language),
          )}
        </p>
      )}
      {hasReason && choices.kind !== "decide" && <p className="muted">{t.act.how}</p>}
      {choices.kind === "nothing" && <p className="muted">{t.act.nothingNow}</p>}
      {whyWords(choices).map((each) => (
        <p key={each} className="form-problem" data-why={each}>
          {t.act[each]}
        </p>
      ))}
      {hasReason && (
        <TextField
          label={choices.kind === "decide" ? t.act.approveReason : t.act.reason}
          maxLength={REASON_MAX}
          value={reason}
          onChange={setReason}
          problem={isBare ? t.act.badReason : null}
          autoComplete="off"
        />
      )}
      <div className="listing-acts">
        {choices.kind === "decide" && (
          <>
            <Button
              tone="accent"
              icon="check"
              isDisabled={isBusy || choices.approve !== null}
              onPress={() => void decide({ decision: "approve", reason: why === "" ? null : why })}
            >
              {t.act.approve}
            </Button>
            <Button
              tone="bad"
              isDisabled={isBusy || choices.decline !== null}
              onPress={() => void decide({ decision: "decline", reason: why })}
            >
              {t.act.decline}
            </Button>
          </>
        )}
        {choices.kind === "propose" &&
          (["done", "undone"] as const).map((outcome) => (
            <Button
              key={outcome}
              isDisabled={isBusy || choices.propose !== null}
              onPress={() => void decide({ decision: "propose", outcome, reason: why })}
            >
              {outcome === "done" ? t.act.proposeDone : t.act.proposeUndone}
            </Button>
          ))}
        {choices.kind === "conclude" && (
          <>
            <Button
              tone="accent"
              icon="check"
              isDisabled={isBusy || choices.conclude !== null}
              onPress={() => void decide({ decision: "confirm", reason: why })}
            >
              {t.act.confirm}
            </Button>
            <Button
              isDisabled={isBusy || choices.conclude !== null}
              onPress={() => void decide({ decision: "reject", reason: why })}
            >
              {t.act.reject}
            </Button>
          </>
        )}
      </div>
      <p role="status" className={said?.isBad ? "form-problem" : "muted"}>
        {said?.text}
      </p>
      {dialog}
    </section>
  );
}

/** Why choices are not there, each said once. */
function whyWords(choices: Choices): Why[] {
  switch (choices.kind) {
    case "decide":
      return [...new Set([choices.approve, choices.decline])].filter((why) => why !== null);
    case "propose":
      return choices.propose === null ? [] : [choices.propose];
    case "conclude":
      return choices.conclude === null ? [] : [choices.conclude];
    case "nothing":
      return [];
  }
}
