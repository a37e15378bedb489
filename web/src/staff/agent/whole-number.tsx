// A masked number that can be shown in full, for a reason and for as long as the server says. Afterwards the page holds it no more.

import { type FormEvent, useEffect, useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { NumberShown } from "../../api/types.ts";
import { phoneNumber } from "../../i18n/format.ts";
import { useLookUpWords } from "../../i18n/use-look-ups.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { CallerNumber } from "./caller.tsx";

/** Shown when the server's clock and ours differ: never longer than it says. */
const SHOWN_MS_MAX = 30_000;

type Props = { contact: string; caller: string };

export function WholeNumber({ contact, caller }: Props) {
  const t = useLookUpWords();
  const w = useWords();
  const [isAsking, setAsking] = useState(false);
  const [shown, setShown] = useState<NumberShown | null>(null);
  const [left_s, setLeft] = useState(0);

  useEffect(() => {
    if (!shown) return;
    const end = performance.now() + SHOWN_MS_MAX;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1_000);
      setLeft(left);
      if (left <= 0) setShown(null);
    };
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [shown]);

  if (shown) {
    return (
      <>
        <span className="caller-number" data-whole>
          {phoneNumber(shown.number)}
        </span>{" "}
        <small className="muted">{t.hidesIn(left_s)}</small>
      </>
    );
  }
  return (
    <>
      <CallerNumber caller={caller} />{" "}
      {caller !== "" && <Button tone="quiet" icon="search" label={t.show} onPress={() => setAsking(true)} />}
      <Dialog title={t.heading} closeLabel={w.close} isOpen={isAsking} onClose={() => setAsking(false)}>
        <Asking
          contact={contact}
          onShown={(number) => {
            setAsking(false);
            setShown(number);
          }}
        />
      </Dialog>
    </>
  );
}

function Asking({ contact, onShown }: { contact: string; onShown: (shown: NumberShown) => void }) {
  const t = useLookUpWords();
  const w = useWords();
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      onShown(await api.showNumber(contact, reason));
    } catch (error) {
      setProblem(w.problems[slugOfError(error)]);
    }
  };
  return (
    <form onSubmit={submit} className="form">
      <TextField label={t.reason} value={reason} onChange={setReason} maxLength={200} autoFocus isRequired />
      <p className="muted">{t.recorded}</p>
      <p role="alert" className="form-problem">
        {problem}
      </p>
      <Button type="submit" tone="accent">
        {t.submit}
      </Button>
    </form>
  );
}
