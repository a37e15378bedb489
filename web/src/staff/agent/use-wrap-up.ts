// The wrap-up of one contact: the result chosen, the remark, and finishing. It can be filled in during the call; what
// was chosen survives a reload. Only a call that has ended can be finished.

import { useEffect, useMemo, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { ContactView, Disposition } from "../../api/types.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { announce } from "../shell/announce.ts";
import { notices } from "../shell/notice.ts";
import { RANKED, rankedCodes } from "./dispositions.ts";
import type { NoteKeeper } from "./note-keeper.ts";
import type { Rank } from "./shortcuts.ts";

type Draft = { code: Disposition | null; remark: string };
const EMPTY: Draft = { code: null, remark: "" };

const draftKey = (contact: string) => `walletline.wrap-up.${contact}`;

export type WrapUpControl = {
  isOpen: boolean;
  toggle: () => void;
  openAndFocus: () => boolean;
  codes: Disposition[];
  code: Disposition | null;
  choose: (code: Disposition) => void;
  chooseRank: (rank: Rank) => boolean;
  remark: string;
  setRemark: (remark: string) => void;
  /** The call is over: finishing is possible once a result is chosen. */
  isDue: boolean;
  isFinishing: boolean;
  finish: () => void;
  finishFromKeys: () => boolean;
};

function stored(contact: string | null): Draft {
  const text = contact === null ? null : sessionStorage.getItem(draftKey(contact));
  if (text === null) return EMPTY;
  try {
    return { ...EMPTY, ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

export function useWrapUp(contact: ContactView | null, keeper: NoteKeeper | null): WrapUpControl {
  const t = useStaff();
  const w = useWords();
  const id = contact?.id ?? null;
  const isDue = Boolean(contact?.ended_at);
  const [owner, setOwner] = useState<string | null>(id);
  const [draft, setDraft] = useState<Draft>(() => stored(id));
  const [isOpen, setOpen] = useState(isDue);
  const [isFinishing, setFinishing] = useState(false);
  const [wasDue, setWasDue] = useState(isDue);
  const focusNext = useRef(false);

  // Another contact: its own draft, not the last one's.
  if (owner !== id) {
    setOwner(id);
    setDraft(stored(id));
    setFinishing(false);
    setOpen(isDue);
  }
  if (wasDue !== isDue) {
    setWasDue(isDue);
    if (isDue) setOpen(true);
  }

  useEffect(() => {
    if (isDue) announce(t.wrapUp.waiting);
  }, [isDue, t]);

  useEffect(() => {
    if (!isOpen || !focusNext.current) return;
    focusNext.current = false;
    focusCode();
  });

  return useMemo(() => {
    const keep = (changed: Draft) => {
      setDraft(changed);
      if (id !== null) sessionStorage.setItem(draftKey(id), JSON.stringify(changed));
    };
    const codes = rankedCodes(contact?.service);
    const choose = (code: Disposition) => keep({ ...draft, code });
    const finish = () => {
      if (id === null || isFinishing) return;
      if (!isDue) return notices.tell(t.wrapUp.afterCall);
      if (draft.code === null) return notices.tell(t.wrapUp.chooseCode);
      setFinishing(true);
      const note = draft.remark.trim();
      const { code } = draft;
      // The note first: after finishing, the contact is no longer this agent's to write on.
      Promise.resolve(keeper?.save())
        .then(() => api.wrapUp(id, note === "" ? { code } : { code, note }))
        .then(() => {
          sessionStorage.removeItem(draftKey(id));
          notices.tell(t.wrapUp.done);
        })
        .catch((error: unknown) => {
          setFinishing(false);
          notices.complain(w.problems[slugOfError(error)]);
        });
    };
    return {
      isOpen: id !== null && isOpen,
      toggle: () => setOpen(!isOpen),
      openAndFocus: () => {
        if (id === null) return false;
        if (isOpen) focusCode();
        focusNext.current = !isOpen;
        setOpen(true);
        return true;
      },
      codes,
      code: draft.code,
      choose,
      chooseRank: (rank) => {
        const code = codes[rank - 1];
        if (id === null || !isOpen || rank > RANKED || code === undefined) return false;
        choose(code);
        // Arrow keys go on from what was chosen, if they were on the results at all.
        if (document.activeElement?.closest(".codes")) focusNext.current = true;
        announce(t.dispositions[code]);
        return true;
      },
      remark: draft.remark,
      setRemark: (remark) => keep({ ...draft, remark }),
      isDue,
      isFinishing,
      finish,
      finishFromKeys: () => {
        if (id === null || !isOpen) return false;
        finish();
        return true;
      },
    };
  }, [id, contact?.service, isDue, isOpen, isFinishing, draft, keeper, t, w]);
}

function focusCode(): void {
  const panel = document.getElementById("wrap-up");
  const target =
    panel?.querySelector<HTMLElement>("input[type=radio]:checked") ??
    panel?.querySelector<HTMLElement>("input[type=radio]");
  target?.focus();
}
