// The note of the contact on this desk: one keeper per contact, started with it and saved when it leaves.

import { useEffect, useMemo } from "react";
import { api } from "../../api/client.ts";
import { NoteKeeper } from "./note-keeper.ts";

export function useNote(contact: string | null): NoteKeeper | null {
  const keeper = useMemo(
    () =>
      contact === null
        ? null
        : new NoteKeeper(contact, {
            load: api.note,
            save: api.saveNote,
            drafts: sessionStorage,
            now_ms: () => Date.now(),
          }),
    [contact],
  );
  useEffect(() => {
    if (keeper === null) return;
    void keeper.start();
    const leave = () => void keeper.save(true);
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      keeper.close();
    };
  }, [keeper]);
  return keeper;
}
