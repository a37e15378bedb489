// The second step of a log-in: a passkey, a code of the authenticator, or a recovery code. A refusal never says what was wrong with it.

import { type FormEvent, useState } from "react";
import { sessionApi } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { Me } from "../../api/types.ts";
import { useSessionWords } from "../../i18n/use-session-words.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { FrontPage } from "./front-page.tsx";
import { PasskeyButton } from "./passkey-button.tsx";
import { useEnter, useLeave } from "./session.ts";

export function SecondFactor({ me }: { me: Me }) {
  const t = useSessionWords();
  const w = useWords();
  const enter = useEnter();
  const leave = useLeave();
  const [isRecovery, setRecovery] = useState(!me.authenticator);
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || typed.trim() === "") return;
    setBusy(true);
    setProblem(null);
    try {
      const code = typed.trim();
      enter(await sessionApi.confirm(isRecovery ? { recovery_code: code } : { code }));
    } catch (error) {
      setProblem(w.problems[slugOfError(error)]);
      setTyped("");
      setBusy(false);
    }
  };

  return (
    <FrontPage heading={t.heading}>
      {me.passkey && <PasskeyButton onShown={enter} onProblem={setProblem} />}
      <form onSubmit={submit} noValidate className="form">
        <TextField
          key={isRecovery ? "recovery" : "code"}
          label={isRecovery ? t.recoveryCode : t.code}
          hint={isRecovery ? t.byRecovery : t.byCode}
          value={typed}
          onChange={setTyped}
          name="code"
          autoComplete={isRecovery ? "off" : "one-time-code"}
          inputMode={isRecovery ? "text" : "numeric"}
          autoFocus={!me.passkey}
          isRequired
        />
        <p role="alert" className="form-problem">
          {problem}
        </p>
        <Button type="submit" tone={me.passkey ? "plain" : "accent"} size="large">
          {isBusy ? t.busy : t.submit}
        </Button>
      </form>
      {me.authenticator && (
        <Button
          tone="quiet"
          onPress={() => {
            setTyped("");
            setRecovery(!isRecovery);
          }}
        >
          {isRecovery ? t.useCode : t.useRecovery}
        </Button>
      )}
      <p className="muted">{t.lost}</p>
      <Button tone="quiet" onPress={() => void leave()}>
        {t.logOut}
      </Button>
    </FrontPage>
  );
}
