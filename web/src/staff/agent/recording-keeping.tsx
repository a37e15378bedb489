// What keeps a recording and until when: its own time, a case, a legal hold. Compliance places and lifts the hold here, with a reason; the
// server's word is waited for, and nothing is shown as held before it is.

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { Recording } from "../../api/types.ts";
import { day, duration, grouped, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";

/** Longest reason, characters; the server holds to the same. */
const REASON_CHARS_MAX = 500;

/** The hold that stands. */
export function standingHold(recording: Recording): Recording["holds"][number] | null {
  const last = recording.holds.at(-1);
  return last && last.lifted === null ? last : null;
}

/** On the waveform itself: whoever looks at it sees whether it stays. */
export function KeepingTags({ recording }: { recording: Recording }) {
  const t = useStaff();
  const language = useLanguage();
  return (
    <p className="recording-tags">
      {recording.kept_by === "hold" && <Tag tone="warn" icon="lock" text={t.recording.held} />}
      {recording.kept_by === "case" && (
        <Tag tone="quiet" icon="folder" text={t.recording.keptByCase(recording.cases.map(grouped).join(", "))} />
      )}
      {recording.expires_at !== null && (
        <Tag tone="quiet" icon="clock" text={t.recording.expires(day(recording.expires_at, language))} />
      )}
    </p>
  );
}

/** The holds so far, and for compliance the way to the next word about it. */
export function Holds({ recording, mayHold }: { recording: Recording; mayHold: boolean }) {
  const t = useStaff();
  const language = useLanguage();
  const said = (word: { by: { number: string }; at: string; reason: string }) =>
    [word.by.number, shortTime(word.at, Date.now(), language), word.reason] as const;
  return (
    <>
      {recording.holds.length > 0 && (
        <ul className="recording-facts small">
          {recording.holds.map((hold) => (
            <li key={hold.placed.at}>
              {t.recording.placed(...said(hold.placed))}
              {hold.lifted && ` · ${t.recording.lifted(...said(hold.lifted))}`}
            </li>
          ))}
        </ul>
      )}
      {mayHold && <HoldForm key={String(standingHold(recording) === null)} recording={recording} />}
    </>
  );
}

function HoldForm({ recording }: { recording: Recording }) {
  const t = useStaff();
  const w = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const held = standingHold(recording) !== null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    setSending(true);
    try {
      const { contact } = recording;
      const now = held ? await api.liftHold(contact, reason.trim()) : await api.placeHold(contact, reason.trim());
      queries.setQueryData(["recording", contact], now);
      await queries.invalidateQueries({ queryKey: ["contacts-found"] });
    } catch (error) {
      setProblem(w.problems[slugOfError(error)]);
    } finally {
      setSending(false);
    }
  };
  return (
    <form className="hold-form" onSubmit={(event) => void submit(event)}>
      <label>
        {held ? t.recording.whyLift : t.recording.whyHold}
        <input
          required
          maxLength={REASON_CHARS_MAX}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <Button type="submit" isDisabled={isSending || reason.trim() === ""}>
        {held ? t.recording.lift : t.recording.hold}
      </Button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}

/** Who was given which part to hear; nothing for whoever only took part in the call. */
export function HeardBy({ recording }: { recording: Recording }) {
  const t = useStaff();
  const language = useLanguage();
  if (recording.heard.length === 0) return null;
  return (
    <details className="small">
      <summary>{t.recording.heardBy(String(recording.heard.length))}</summary>
      <ul className="recording-facts">
        {recording.heard.map((part) => (
          <li key={`${part.at} ${part.by.id} ${part.from_ms}`}>
            {t.recording.heardPart(
              part.by.number,
              shortTime(part.at, Date.now(), language),
              duration(part.from_ms),
              duration(part.to_ms),
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
