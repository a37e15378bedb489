// Setting a password from a one-time link. The link's secret stands after the # so that it reaches no log; it leaves the
// address bar as soon as it was read.

import { type FormEvent, useEffect, useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { FrontPage } from "./front-page.tsx";
import { useEnter } from "./session.ts";

/** The server's rule, told before it has to refuse. */
const PASSWORD_MIN = 12;

export function Welcome({ onDone }: { onDone: () => void }) {
  const t = useStaff();
  const w = useWords();
  const enter = useEnter();
  const [token] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(token === "" ? t.welcome.missing : null);

  useEffect(() => {
    history.replaceState(null, "", location.pathname);
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    if ([...password].length < PASSWORD_MIN) return setProblem(t.welcome.tooShort);
    if (password !== again) return setProblem(t.welcome.differ);
    setBusy(true);
    setProblem(null);
    try {
      enter(await api.setPassword(token, password));
      onDone();
    } catch (error) {
      const slug = slugOfError(error);
      const isSpent = slug === "not-found" || slug === "forbidden" || slug === "not-logged-in" || slug === "conflict";
      setProblem(isSpent || slug === "wrong-credentials" ? t.welcome.spent : w.problems[slug]);
      setBusy(false);
    }
  };

  return (
    <FrontPage heading={t.welcome.heading}>
      {token !== "" && (
        <form onSubmit={submit} noValidate className="form">
          <p className="muted">{t.welcome.intro}</p>
          <TextField
            label={t.welcome.password}
            hint={t.welcome.rule}
            value={password}
            onChange={setPassword}
            type="password"
            autoComplete="new-password"
            autoFocus
            isRequired
          />
          <TextField
            label={t.welcome.again}
            value={again}
            onChange={setAgain}
            type="password"
            autoComplete="new-password"
            isRequired
          />
          <p role="alert" className="form-problem">
            {problem}
          </p>
          <Button type="submit" tone="accent" size="large">
            {isBusy ? t.logIn.busy : t.welcome.submit}
          </Button>
        </form>
      )}
      {token === "" && <p className="form-problem">{problem}</p>}
      <Button tone="quiet" onPress={onDone}>
        {t.welcome.toLogIn}
      </Button>
    </FrontPage>
  );
}
