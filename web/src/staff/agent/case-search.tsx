// Finding a case by the reference a caller reads out.

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ContactView } from "../../api/types.ts";
import { grouped } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { CaseDetails } from "./case-details.tsx";
import { readReference } from "./reference.ts";

/** Room for a reference with its groups apart. */
const TEXT_MAX = 20;

export function CaseSearch({ contact = null }: { contact?: ContactView | null }) {
  const t = useStaff();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reference = readReference(text);
    // Asked for once more, what was found before may have changed.
    if (reference !== null) void queries.invalidateQueries({ queryKey: ["case", reference] });
    setAsked(reference);
    setProblem(reference === null ? t.cases.invalid : null);
  };

  return (
    <div className="case-search">
      <form className="case-search-line" onSubmit={submit} noValidate>
        <TextField
          label={t.cases.find}
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
      <div role="status">
        {asked !== null && (
          <>
            <p>
              <strong className="figures">{grouped(asked)}</strong>
            </p>
            <CaseDetails key={asked} reference={asked} contact={contact} />
          </>
        )}
      </div>
    </div>
  );
}
