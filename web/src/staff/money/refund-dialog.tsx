// A refund is asked for in three steps: what is wanted, what it would do, and what came of it. Between the second and the third stands a
// key: a request whose answer was lost is sent again under the same one, and is made once.

import { type FormEvent, useState } from "react";
import { operationApi } from "../../api/client.ts";
import type { ContactView, Operation, OperationAsked, OperationPreview } from "../../api/types.ts";
import { grouped } from "../../i18n/format.ts";
import { useRefundProblem, useRefundWords } from "../../i18n/use-refunds.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { PreviewOf } from "./preview-of.tsx";
import { RefundTag } from "./refund-tag.tsx";
import { type Draft, type DraftField, isInDoubt, REASON_MAX, readDraft } from "./request.ts";
import { useSum } from "./sum-of.ts";
import { useRefundsAgain, useRefundsOf } from "./use-refunds-of.ts";

/** Room for a transaction's number with its groups apart, and for a sum. */
const TRANSACTION_MAX = 80;
const AMOUNT_MAX = 24;

type Props = { contact: ContactView; isOpen: boolean; onClose: () => void };

type Step =
  | { at: "form" }
  | { at: "preview"; asked: OperationAsked; preview: OperationPreview; key: string }
  | { at: "result"; refund: Operation };

export function RefundDialog({ contact, isOpen, onClose }: Props) {
  const t = useRefundWords();
  const w = useWords();
  const [step, setStep] = useState<Step>({ at: "form" });
  const [draft, setDraft] = useState<Draft | null>(null);
  const close = () => {
    // What was asked for is over; what was typed and not sent is kept, as is the key of a request in doubt.
    if (step.at === "result") {
      setStep({ at: "form" });
      setDraft(null);
    }
    onClose();
  };
  const known = draft ?? { transaction: contact.customer.transaction?.id ?? "", amount: "", reason: "" };
  const headings = { form: t.form.heading, preview: t.preview.heading, result: t.result.heading };
  return (
    <Dialog title={headings[step.at]} closeLabel={w.close} isOpen={isOpen} onClose={close}>
      {step.at === "form" && (
        <WishForm
          contact={contact.id}
          draft={known}
          onChange={setDraft}
          onPreview={(asked, preview) => setStep({ at: "preview", asked, preview, key: crypto.randomUUID() })}
        />
      )}
      {step.at === "preview" && (
        <Ask
          step={step}
          contact={contact.id}
          onChange={() => setStep({ at: "form" })}
          onAsked={(refund) => setStep({ at: "result", refund })}
        />
      )}
      {step.at === "result" && <Result refund={step.refund} contact={contact.id} />}
    </Dialog>
  );
}

type WishProps = {
  contact: string;
  draft: Draft;
  onChange: (draft: Draft) => void;
  onPreview: (asked: OperationAsked, preview: OperationPreview) => void;
};

function WishForm({ contact, draft, onChange, onPreview }: WishProps) {
  const t = useRefundWords();
  const told = useRefundProblem();
  const [wrong, setWrong] = useState<DraftField[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const read = readDraft(draft, contact);
    setWrong(read.ok ? [] : read.wrong);
    setProblem(null);
    if (!read.ok) return;
    setBusy(true);
    try {
      onPreview(read.asked, await operationApi.preview(read.asked));
    } catch (error) {
      setProblem(told(error));
      setBusy(false);
    }
  };
  const field = (name: DraftField, problem: string) => ({
    value: draft[name],
    onChange: (value: string) => onChange({ ...draft, [name]: value }),
    problem: wrong.includes(name) ? problem : null,
    autoComplete: "off",
  });
  return (
    <form onSubmit={submit} noValidate className="form">
      <TextField
        label={t.form.transaction}
        maxLength={TRANSACTION_MAX}
        inputMode="numeric"
        autoFocus
        isRequired
        {...field("transaction", t.form.badTransaction)}
      />
      <TextField
        label={t.form.amount}
        maxLength={AMOUNT_MAX}
        inputMode="decimal"
        {...field("amount", t.form.badAmount)}
      />
      <TextField label={t.form.reason} maxLength={REASON_MAX} isRequired {...field("reason", t.form.badReason)} />
      <p role="alert" className="form-problem">
        {problem}
      </p>
      <Button type="submit" tone="accent">
        {isBusy ? t.form.checking : t.form.preview}
      </Button>
    </form>
  );
}

type AskProps = {
  step: { asked: OperationAsked; preview: OperationPreview; key: string };
  contact: string;
  onChange: () => void;
  onAsked: (refund: Operation) => void;
};

function Ask({ step: { asked, preview, key }, contact, onChange, onAsked }: AskProps) {
  const t = useRefundWords();
  const told = useRefundProblem();
  const again = useRefundsAgain(contact);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ text: string; isInDoubt: boolean } | null>(null);
  const ask = async () => {
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      const refund = await operationApi.ask(asked, key);
      await again();
      onAsked(refund);
    } catch (error) {
      const inDoubt = isInDoubt(error);
      setProblem({ text: inDoubt ? t.preview.inDoubt : told(error), isInDoubt: inDoubt });
      setBusy(false);
    }
  };
  const inDoubt = problem?.isInDoubt === true;
  return (
    <PreviewOf preview={preview}>
      {(isPossible) => (
        <>
          <p role="alert" className="form-problem">
            {problem?.text}
          </p>
          <div className="company-buttons">
            {/* Of a request in doubt only the same one may follow: another one could be a second refund. */}
            <Button isDisabled={isBusy || inDoubt} onPress={onChange}>
              {t.preview.change}
            </Button>
            <Button tone="accent" icon="money" autoFocus isDisabled={!isPossible} onPress={() => void ask()}>
              {isBusy ? t.preview.asking : inDoubt ? t.preview.again : t.preview.ask}
            </Button>
          </div>
        </>
      )}
    </PreviewOf>
  );
}

/** What came of it, as it is now. */
function Result({ refund: asked, contact }: { refund: Operation; contact: string }) {
  const t = useRefundWords();
  const sum = useSum();
  const { data } = useRefundsOf(contact);
  const refund = data?.find((known) => known.id === asked.id) ?? asked;
  return (
    <div role="status" className="operation" data-asked={refund.reference}>
      <p className="operation-head">
        <RefundTag refund={refund} />
        <span>
          <span className="muted">{t.result.reference}</span>{" "}
          <strong className="figures">{grouped(refund.reference)}</strong>
        </span>
        <span className="figures">{sum(refund.amount)}</span>
      </p>
      {refund.unfit !== null && <p>{t.unfit[refund.unfit]}</p>}
      <p>{t.result.readOut}</p>
      {refund.state !== "succeeded" && <p className="muted">{t.result.pending}</p>}
    </div>
  );
}
