// Finding a case by the reference a caller reads out.

import { type FormEvent, useState } from "react";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { CaseDetails } from "./case-details.tsx";
import { readReference } from "./reference.ts";

/** Room for a reference with its groups apart. */
const TEXT_MAX = 20;

export function CaseSearch() {
  const t = useStaff();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reference = readReference(text);
    setAsked(reference);
    setProblem(reference === null ? t.cases.invalid : null);
  };

  return (
    <search className="case-search" aria-label={t.cases.find}>
      <form className="case-search-line" onSubmit={submit} noValidate>
        <TextField
          label={t.cases.find}
          hint={t.cases.hint}
          problem={problem}
          value={text}
          onChange={(changed) => {
            setText(changed);
            setProblem(null);
          }}
          maxLength={TEXT_MAX}
          autoComplete="off"
        />
        <Button type="submit" icon="search">
          {t.cases.submit}
        </Button>
      </form>
      <div role="status">{asked !== null && <CaseDetails key={asked} reference={asked} />}</div>
    </search>
  );
}
