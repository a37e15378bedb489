// One's own passkeys: what counts, one more, one less.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { sessionApi } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { Passkey } from "../../api/types.ts";
import { day } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useSessionWords } from "../../i18n/use-session-words.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useConfirmation } from "./confirmation.tsx";
import { hasPasskeys, makePasskey, NoPasskey } from "./passkey.ts";
import { RecoveryCodes } from "./set-up-factor.tsx";

const KEY = ["passkeys"];
const NAME_CHARS_MAX = 40;

/** On the page of one's own log-in. */
export function Passkeys({ onChange }: { onChange: () => Promise<void> }) {
  const t = useSessionWords();
  const w = useWords();
  const queries = useQueryClient();
  const { run, dialog } = useConfirmation();
  const [told, setTold] = useState("");
  const { data } = useQuery({ queryKey: KEY, queryFn: sessionApi.passkeys });
  const again = async () => {
    await queries.invalidateQueries({ queryKey: KEY });
    await onChange();
  };
  const remove = async ({ id, name }: Passkey) => {
    setTold("");
    try {
      await run(() => sessionApi.removePasskey(id));
      setTold(t.passkeys.removed(name));
    } catch (error) {
      setTold(w.problems[slugOfError(error)]);
    }
    await again();
  };
  return (
    <section aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">{t.passkeys.heading}</h2>
      <p className="muted">{t.passkeys.what}</p>
      {data && data.length > 0 && (
        <ul className="passkeys">
          {data.map((passkey) => (
            <Line key={passkey.id} passkey={passkey} onRemove={() => void remove(passkey)} />
          ))}
        </ul>
      )}
      <AddPasskey onDone={again} />
      <p role="status">{told}</p>
      {dialog}
    </section>
  );
}

function Line({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const t = useSessionWords();
  const language = useLanguage();
  const { id, name, since, used_at } = passkey;
  return (
    <li data-passkey={id}>
      <strong>{name}</strong>{" "}
      <span className="muted">
        {t.passkeys.since(day(since, language))}
        {used_at && ` · ${t.passkeys.used(day(used_at, language))}`}
      </span>
      <Button aria-label={t.passkeys.removeNamed(name)} onPress={onRemove}>
        {t.passkeys.remove}
      </Button>
    </li>
  );
}

/** From the name to the kept recovery codes, where the first thing that counts brings them. */
export function AddPasskey({ onDone }: { onDone: () => Promise<void> | void }) {
  const t = useSessionWords();
  const w = useWords();
  const { run, dialog } = useConfirmation();
  const [name, setName] = useState("");
  const [codes, setCodes] = useState<string[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (!hasPasskeys()) return <p className="muted">{t.passkeys.notHere}</p>;
  const add = async () => {
    setProblem(null);
    try {
      let options: Record<string, unknown> = {};
      await run(async () => {
        options = (await sessionApi.offerPasskey()).options;
      });
      const added = await sessionApi.addPasskey(name.trim(), await makePasskey(options));
      setName("");
      if (added.recovery_codes) setCodes(added.recovery_codes);
      else await onDone();
    } catch (error) {
      setProblem(error instanceof NoPasskey ? t.passkeys.notMade : w.problems[slugOfError(error)]);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") setProblem(t.passkeys.nameNeeded);
    else void add();
  };
  const form: ReactNode = (
    <form onSubmit={submit} noValidate className="form">
      <TextField
        label={t.passkeys.name}
        hint={t.passkeys.nameHint}
        value={name}
        onChange={setName}
        maxLength={NAME_CHARS_MAX}
        isRequired
      />
      <p role="alert" className="form-problem">
        {problem}
      </p>
      <Button type="submit" icon="shield">
        {t.passkeys.add}
      </Button>
    </form>
  );
  const kept = () => {
    setCodes(null);
    void onDone();
  };
  return (
    <>
      {codes ? <RecoveryCodes codes={codes} onDone={kept} /> : form}
      {dialog}
    </>
  );
}
