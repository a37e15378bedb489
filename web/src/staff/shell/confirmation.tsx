// Acts that need a fresh confirmation of who is at the desk: where the server asks for one, a window takes it and the act is tried once
// more. Whoever closes the window has not acted.

import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { sessionApi } from "../../api/client.ts";
import { Problem, slugOfError } from "../../api/problem.ts";
import { useSessionWords } from "../../i18n/use-session-words.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { PasskeyButton } from "./passkey-button.tsx";
import { useEnter, useSession } from "./session.ts";

type Waiting = { again: () => void; give_up: (why: unknown) => void };

/** `run` does an act, asking for a confirmation where it has to; `dialog` stands somewhere in the page. */
export function useConfirmation(): { run: (act: () => Promise<unknown>) => Promise<void>; dialog: ReactNode } {
  const waiting = useRef<Waiting | null>(null);
  const [isOpen, setOpen] = useState(false);

  const run = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem) || error.slug !== "fresh-factor-needed") throw error;
      await new Promise<void>((again, give_up) => {
        waiting.current = { again, give_up };
        setOpen(true);
      });
      await act();
    }
  };
  const close = (isConfirmed: boolean) => {
    setOpen(false);
    const { current } = waiting;
    waiting.current = null;
    if (isConfirmed) current?.again();
    else current?.give_up(new Problem("fresh-factor-needed", 403));
  };
  return { run, dialog: isOpen ? <ConfirmDialog onClose={close} /> : null };
}

function ConfirmDialog({ onClose }: { onClose: (isConfirmed: boolean) => void }) {
  const t = useSessionWords();
  const w = useWords();
  const enter = useEnter();
  const session = useSession();
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { second_factor: hasFactor = false, authenticator = false, passkey = false } = session.data ?? {};
  const isTyped = authenticator || !hasFactor;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || typed === "") return;
    setBusy(true);
    setProblem(null);
    try {
      enter(await sessionApi.confirm(hasFactor ? { code: typed.trim() } : { password: typed }));
      onClose(true);
    } catch (error) {
      setProblem(w.problems[slugOfError(error)]);
      setTyped("");
      setBusy(false);
    }
  };

  return (
    <Dialog title={t.confirm.heading} closeLabel={w.close} isOpen onClose={() => onClose(false)}>
      <form onSubmit={submit} noValidate className="form">
        <p>{t.confirm.why}</p>
        {passkey && (
          <PasskeyButton
            onShown={(me) => {
              enter(me);
              onClose(true);
            }}
            onProblem={setProblem}
          />
        )}
        {isTyped && (
          <TextField
            label={hasFactor ? t.code : t.confirm.password}
            type={hasFactor ? "text" : "password"}
            inputMode={hasFactor ? "numeric" : "text"}
            autoComplete={hasFactor ? "one-time-code" : "current-password"}
            value={typed}
            onChange={setTyped}
            autoFocus={!passkey}
            isRequired
          />
        )}
        <p role="alert" className="form-problem">
          {problem}
        </p>
        {isTyped && (
          <Button type="submit" tone={passkey ? "plain" : "accent"}>
            {isBusy ? t.busy : t.confirm.submit}
          </Button>
        )}
      </form>
    </Dialog>
  );
}
