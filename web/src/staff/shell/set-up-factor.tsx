// Setting a second factor up: a seed to scan, its first code, and recovery codes that are shown once. Nothing of it is kept by the page.

import { type FormEvent, type ReactNode, useState } from "react";
import { sessionApi } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { SeedOffered } from "../../api/types.ts";
import { useSessionWords } from "../../i18n/use-session-words.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useConfirmation } from "./confirmation.tsx";
import { FrontPage } from "./front-page.tsx";
import { hasPasskeys } from "./passkey.ts";
import { AddPasskey } from "./passkeys.tsx";
import { useLeave } from "./session.ts";

/** The first log-in of somebody whose role needs a second factor. */
export function SetUpFirst({ onDone }: { onDone: () => void }) {
  const t = useSessionWords();
  const leave = useLeave();
  return (
    <FrontPage heading={t.setUp.heading}>
      <p>{t.setUp.required}</p>
      <SetUp begin={t.setUp.begin} onDone={onDone} />
      {hasPasskeys() && (
        <>
          <p>{t.passkeys.instead}</p>
          <AddPasskey onDone={onDone} />
        </>
      )}
      <Button tone="quiet" onPress={() => void leave()}>
        {t.logOut}
      </Button>
    </FrontPage>
  );
}

/** From the first press to the kept recovery codes. */
export function SetUp({ begin, onDone }: { begin: string; onDone: () => void }) {
  const t = useSessionWords();
  const w = useWords();
  const { run, dialog } = useConfirmation();
  const [offered, setOffered] = useState<SeedOffered | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  const attempt = async (act: () => Promise<unknown>) => {
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(w.problems[slugOfError(error)]);
    }
  };
  const enrol = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      setCodes((await sessionApi.enrol(typed.trim())).recovery_codes);
      setOffered(null);
    });
  };

  let step: ReactNode;
  if (codes) {
    step = <RecoveryCodes codes={codes} onDone={onDone} />;
  } else if (offered) {
    step = (
      <form onSubmit={enrol} noValidate className="form">
        <p>{t.setUp.scan}</p>
        <img
          className="factor-qr"
          src={`data:image/svg+xml,${encodeURIComponent(offered.qr_svg)}`}
          alt={t.setUp.qr}
          width={220}
          height={220}
        />
        <p className="muted">
          {t.setUp.typed} <code>{offered.secret.match(/.{1,4}/g)?.join(" ")}</code>
        </p>
        <TextField
          label={t.setUp.first}
          value={typed}
          onChange={setTyped}
          autoComplete="one-time-code"
          inputMode="numeric"
          autoFocus
          isRequired
        />
        <Button type="submit" tone="accent" size="large">
          {t.setUp.submit}
        </Button>
      </form>
    );
  } else {
    step = (
      <Button
        tone="accent"
        size="large"
        onPress={() => void attempt(() => run(async () => setOffered(await sessionApi.offer())))}
      >
        {begin}
      </Button>
    );
  }
  return (
    <div className="form">
      {step}
      <p role="alert" className="form-problem">
        {problem}
      </p>
      {dialog}
    </div>
  );
}

export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const t = useSessionWords();
  return (
    <section aria-labelledby="recovery" className="form">
      <h2 id="recovery">{t.recovery.heading}</h2>
      <p>{t.recovery.text}</p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button tone="accent" size="large" onPress={onDone}>
        {t.recovery.done}
      </Button>
    </section>
  );
}
