// The desk: one screen from log-in to wrap-up. It joins the live view, the call and the keys; what each part shows is
// in its own file. It never moves the focus away from someone who types.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { isBusy } from "../../call/machine.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { live } from "../../live/desk-socket.ts";
import { engine } from "../shell/calls.ts";
import { checkSession } from "../shell/session.ts";
import { TopBar } from "../shell/top-bar.tsx";
import { useCall, useLive } from "../shell/use-live.ts";
import { CallAudio } from "./call-audio.tsx";
import { Centre } from "./centre.tsx";
import { deskView } from "./desk-view.ts";
import { PhonePanel } from "./phone-panel.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import type { Act, Rank } from "./shortcuts.ts";
import { StaleBanner } from "./stale-banner.tsx";
import { TransferDialog } from "./transfer-dialog.tsx";
import { useCallProblems } from "./use-call-problems.ts";
import { useFocusRescue } from "./use-focus-rescue.ts";
import { useNote } from "./use-note.ts";
import { useRinging } from "./use-ringing.ts";
import { useShortcuts } from "./use-shortcuts.ts";
import { useVerbs } from "./use-verbs.ts";
import { useWrapUp } from "./use-wrap-up.ts";
import { canVerify } from "./verification.ts";
import { VerifyDialog } from "./verify-dialog.tsx";

export function Desk() {
  const t = useStaff();
  const queries = useQueryClient();
  const { snapshot, me, connection, known } = useLive();
  const call = useCall();
  const view = useMemo(() => deskView(snapshot, me?.id ?? "", call), [snapshot, me, call]);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isTransferOpen, setTransferOpen] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const contact = view.mode === "call" || view.mode === "wrap_up" ? view.contact : null;

  const canTransfer = Boolean(
    view.mode === "call" && view.contact?.leads && view.contact.connected_at && !view.isAudioLost,
  );
  const openTransfer = useCallback(() => {
    if (canTransfer) setTransferOpen(true);
    return canTransfer;
  }, [canTransfer]);

  const [isVerifyOpen, setVerifyOpen] = useState(false);
  const mayVerify = view.mode === "call" && !view.isAudioLost && canVerify(view.contact);
  const openVerify = useCallback(() => {
    if (mayVerify) setVerifyOpen(true);
    return mayVerify;
  }, [mayVerify]);

  const verbs = useVerbs(view);
  // Whoever only listens writes nothing into the record.
  const ownContact = contact?.monitor ? null : contact;
  const note = useNote(ownContact?.id ?? null);
  const wrapUp = useWrapUp(ownContact, note);
  useRinging(view.mode === "ringing" ? view.offer : null);
  useCallProblems(call.problem);
  useFocusRescue();

  useEffect(() => live.onLost(() => checkSession(queries)), [queries]);

  const contactId = contact?.id ?? null;
  const endedAt = contact?.ended_at ?? null;
  // The list of recent contacts changes when a contact comes to, ends at or leaves this desk.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of a contact is a reason to look again.
  useEffect(() => {
    if (contactId !== null) setSelected(null);
    void queries.invalidateQueries({ queryKey: ["contacts"] });
    if (contactId !== null) void queries.invalidateQueries({ queryKey: ["timeline", contactId] });
  }, [queries, contactId, endedAt]);

  const isInCall = isBusy(call.call) || view.mode === "call";
  useEffect(() => {
    if (!isInCall) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [isInCall]);

  const onAct = useCallback(
    (act: Act): boolean => {
      switch (act) {
        case "answer":
          return verbs.answer();
        case "mute":
          return verbs.toggleMute();
        case "hold":
          return verbs.toggleHold();
        case "transfer":
          return openTransfer();
        case "verify":
          return openVerify();
        case "hang_up":
          return verbs.hangUpTwice();
        case "ready":
          return verbs.toggleReady();
        case "notes":
          return focusOn("notes-field");
        case "wrap_up":
          return wrapUp.openAndFocus();
        case "finish":
          return wrapUp.finishFromKeys();
        case "help":
          setHelpOpen(true);
          return true;
        case "tab_payment":
        case "tab_account":
        case "tab_refunds":
        case "tab_cases":
          return false;
        default:
          return wrapUp.chooseRank(Number(act.slice("code_".length)) as Rank);
      }
    },
    [verbs, wrapUp, openTransfer, openVerify],
  );
  useShortcuts(onAct);

  return (
    <div
      className="desk"
      data-call-state={callState(view.mode, call.call)}
      data-presence={view.agent?.state ?? "unknown"}
      data-connection={connection}
    >
      <a className="skip" href="#phone">
        {t.skip}
      </a>
      <TopBar view={view} onHelp={() => setHelpOpen(true)} />
      <StaleBanner />
      <div className="desk-body" data-columns={ownContact ? "3" : "2"} data-stale={known && connection !== "open"}>
        <PhonePanel
          view={view}
          verbs={verbs}
          wrapUp={wrapUp}
          selected={selected}
          onSelect={setSelected}
          {...(canTransfer ? { onTransfer: openTransfer } : {})}
          {...(mayVerify ? { onVerify: openVerify } : {})}
        />
        <Centre
          view={view}
          contact={contact}
          note={note}
          wrapUp={wrapUp}
          selected={selected}
          onClose={() => setSelected(null)}
        />
      </div>
      <CallAudio engine={engine} />
      {view.contact && (
        <TransferDialog
          contact={view.contact.id}
          hasCompany={view.contact.parties.some((party) => party.part === "speaks") || Boolean(view.contact.outside)}
          isOpen={isTransferOpen && canTransfer}
          onClose={() => setTransferOpen(false)}
        />
      )}
      {view.contact && (
        <VerifyDialog contact={view.contact} isOpen={isVerifyOpen && mayVerify} onClose={() => setVerifyOpen(false)} />
      )}
      <ShortcutHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

function callState(mode: string, call: string): string {
  if (mode === "call") return call === "idle" ? "talking" : call;
  if (mode === "ringing" && call !== "idle") return call;
  return mode;
}

function focusOn(id: string): boolean {
  const target = document.getElementById(id);
  target?.focus();
  return target !== null;
}
