// Log-in by user name and password. A refusal never says which of the two was wrong.

import { type FormEvent, useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { FrontPage } from "./front-page.tsx";
import { useEnter } from "./session.ts";

export function LogIn() {
  const t = useStaff();
  const w = useWords();
  const enter = useEnter();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    if (user.trim() === "" || password === "") {
      setProblem(t.logIn.required);
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      enter(await api.logIn(user.trim(), password));
    } catch (error) {
      setProblem(w.problems[slugOfError(error)]);
      setBusy(false);
    }
  };

  return (
    <FrontPage heading={t.logIn.heading}>
      <form onSubmit={submit} noValidate className="form">
        <TextField
          label={t.logIn.user}
          value={user}
          onChange={setUser}
          name="username"
          autoComplete="username"
          autoFocus
          isRequired
        />
        <TextField
          label={t.logIn.password}
          value={password}
          onChange={setPassword}
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
        />
        <p role="alert" className="form-problem">
          {problem}
        </p>
        <Button type="submit" tone="accent" size="large">
          {isBusy ? t.logIn.busy : t.logIn.submit}
        </Button>
      </form>
    </FrontPage>
  );
}
