// What a customer sent as evidence of a case, and a way to add what they send another way. What nobody has looked at is said to be that before
// it is opened; what waits or is infected cannot be had.

import { useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useRef, useState } from "react";
import { caseApi } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { CaseUpload } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useCaseWords } from "../../i18n/use-cases.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";

/** What can be read; the server holds to the same. */
export function isReadable(upload: CaseUpload): boolean {
  return upload.state === "not_scanned" || upload.state === "clean";
}

export function CaseEvidence({
  reference,
  uploads,
  open,
}: {
  reference: string;
  uploads: CaseUpload[];
  open: boolean;
}) {
  const { evidence: t } = useCaseWords();
  const w = useWords();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const send = async ({ currentTarget: chosen }: ChangeEvent<HTMLInputElement>) => {
    const file = chosen.files?.[0];
    if (file === undefined) return;
    setBusy(true);
    setProblem(null);
    try {
      await caseApi.sendEvidence(reference, file);
    } catch (error) {
      const slug = slugOfError(error);
      setProblem(slug === "invalid-input" ? t.notTaken : w.problems[slug]);
    }
    chosen.value = "";
    await queries.invalidateQueries({ queryKey: ["case", reference] });
    setBusy(false);
  };

  return (
    <section className="case-evidence" aria-label={t.heading} data-evidence>
      <h4>{t.heading}</h4>
      {uploads.length === 0 && <p className="muted">{t.none}</p>}
      {problem !== null && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <ul>
        {uploads.map((upload) => (
          <li key={upload.id} data-upload={upload.state}>
            <File reference={reference} upload={upload} />
          </li>
        ))}
      </ul>
      {open && (
        <>
          <input
            ref={input}
            type="file"
            accept="image/png,image/jpeg,application/pdf"
            aria-label={t.add}
            className="visually-hidden"
            tabIndex={-1}
            onChange={(event) => void send(event)}
          />
          <Button isDisabled={busy} onPress={() => input.current?.click()}>
            {t.add}
          </Button>
          <p className="muted small">{t.taken}</p>
        </>
      )}
    </section>
  );
}

function File({ reference, upload }: { reference: string; upload: CaseUpload }) {
  const { evidence: t } = useCaseWords();
  const s = useStaff();
  const language = useLanguage();
  const size = new Intl.NumberFormat(language, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
  return (
    <>
      <p>
        {isReadable(upload) ? (
          <a href={caseApi.evidence(reference, upload.id)} download={upload.name}>
            {upload.name}
          </a>
        ) : (
          <span>{upload.name}</span>
        )}{" "}
        <State state={upload.state} />
      </p>
      <p className="muted small">
        {size.format(Math.ceil(upload.size / 1_000))} · {shortTime(upload.sent_at, Date.now(), language)} ·{" "}
        {upload.agent === null ? t.byCustomer : s.agentNumber(upload.agent)}
      </p>
    </>
  );
}

function State({ state }: { state: string }) {
  const { evidence: t } = useCaseWords();
  switch (state) {
    case "clean":
      return <Tag tone="ok" icon="check" text={t.states.clean} />;
    case "not_scanned":
      return <Tag tone="warn" icon="warning" text={t.states.not_scanned} />;
    case "waiting":
      return <Tag tone="quiet" icon="clock" text={t.states.waiting} />;
    case "infected":
      return <Tag tone="bad" icon="warning" text={t.states.infected} />;
    default:
      return <Tag tone="quiet" icon="clock" text={t.states.erased} />;
  }
}
