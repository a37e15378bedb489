// The note of the contact: written while listening, saved by itself, and never lost to a reload.

import { useSyncExternalStore } from "react";
import { Label, TextArea, TextField } from "react-aria-components";
import { clockTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { NOTE_MAX, type NoteKeeper, type NoteState } from "./note-keeper.ts";
import { useKeyLabels } from "./use-shortcuts.ts";

/** From this many characters left on, the field says so. */
const NEAR_LIMIT = 200;

export function Notes({ keeper }: { keeper: NoteKeeper }) {
  const keys = useKeyLabels();
  const t = useStaff();
  const note = useSyncExternalStore(keeper.subscribe, keeper.state);
  return (
    <section className="notes" aria-labelledby="notes-title" data-note-status={note.status}>
      <header className="section-head">
        <h2 id="notes-title" className="section-title">
          {t.notes.heading}{" "}
          <span className="kbd" aria-hidden="true">
            {keys.notes}
          </span>
        </h2>
        <Saved note={note} />
      </header>
      <TextField
        className="field"
        value={note.text}
        onChange={(text) => keeper.edit(text)}
        onBlur={() => void keeper.save()}
        maxLength={NOTE_MAX}
      >
        <Label className="visually-hidden">{t.notes.label}</Label>
        <TextArea id="notes-field" className="notes-field" placeholder={t.notes.placeholder} rows={10} />
      </TextField>
      {note.status === "kept" && <p className="form-problem">{t.notes.kept}</p>}
      {NOTE_MAX - note.text.length < NEAR_LIMIT && (
        <p className="muted small">{t.notes.limit(NOTE_MAX - note.text.length)}</p>
      )}
    </section>
  );
}

function Saved({ note }: { note: NoteState }) {
  const t = useStaff();
  const language = useLanguage();
  const words = {
    loading: t.notes.loading,
    saved: note.saved_at_ms === null ? "" : t.notes.saved(clockTime(note.saved_at_ms, language)),
    pending: t.notes.pending,
    saving: t.notes.saving,
    kept: t.notes.pending,
  };
  return <span className="muted small figures">{words[note.status]}</span>;
}
