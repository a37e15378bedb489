// What an agent can do with the phone. Each verb says by its result whether it applied, so that a key with no use is
// left to the browser; a refusal by the server becomes a notice.

import { useEffect, useMemo, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { NotReadyReason } from "../../api/types.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { announce } from "../shell/announce.ts";
import { engine } from "../shell/calls.ts";
import { notices } from "../shell/notice.ts";
import type { DeskView } from "./desk-view.ts";

/** Within this time the hang-up key must be pressed again, milliseconds. */
const HANG_UP_ARMED_MS = 2_000;

export type Verbs = {
  answer: () => boolean;
  decline: () => boolean;
  hangUp: () => boolean;
  /** Arms at the first press, hangs up at the second. */
  hangUpTwice: () => boolean;
  isHangUpArmed: boolean;
  toggleMute: () => boolean;
  /** Puts the customer on hold, or takes them back. */
  toggleHold: () => boolean;
  /** Takes up a call that lost its audio. */
  resumeCall: () => boolean;
  takeBack: () => void;
  /** Leaves the call to the other agents on it. */
  leave: () => void;
  toggleReady: () => boolean;
  setPresence: (state: "ready" | "not_ready", reason?: NotReadyReason) => void;
};

export function useVerbs(view: DeskView): Verbs {
  const t = useStaff();
  const w = useWords();
  const latest = useRef(view);
  useEffect(() => {
    latest.current = view;
  });
  const [isHangUpArmed, arm] = useState(false);
  useEffect(() => {
    if (!isHangUpArmed) return;
    const timer = setTimeout(() => arm(false), HANG_UP_ARMED_MS);
    return () => clearTimeout(timer);
  }, [isHangUpArmed]);

  return useMemo(() => {
    const complain = (error: unknown) => notices.complain(w.problems[slugOfError(error)]);
    const current = () => latest.current;

    const setPresence: Verbs["setPresence"] = (state, reason) => {
      notices.clear();
      const presence = reason === undefined ? { state } : { state, reason };
      void api.setPresence(presence).catch(complain);
    };
    const hangUp = () => {
      const { mode, contact } = current();
      if (mode !== "call" || !contact) return false;
      arm(false);
      const verb = contact.monitor ? api.stopMonitoring : contact.leads ? api.hangUp : api.leave;
      void verb(contact.id).catch(complain);
      return true;
    };
    const resumeCall = () => {
      const { contact, isAudioLost } = current();
      if (!contact || !isAudioLost) return false;
      notices.clear();
      void engine.resume(contact.id);
      return true;
    };
    const withContact = (verb: (contact: string) => Promise<void>) => () => {
      const { contact } = current();
      if (contact) void verb(contact.id).catch(complain);
    };
    return {
      resumeCall,
      takeBack: withContact(api.takeBack),
      leave: withContact(api.leave),
      isHangUpArmed,
      setPresence,
      hangUp,
      answer: () => {
        const { mode, offer } = current();
        if (mode === "call") return resumeCall();
        if (mode !== "ringing" || !offer) return false;
        notices.clear();
        void engine.answer(offer.id);
        return true;
      },
      decline: () => {
        const { mode, offer } = current();
        if (mode !== "ringing" || !offer) return false;
        void api.declineOffer(offer.id).catch(complain);
        return true;
      },
      hangUpTwice: () => {
        if (current().mode !== "call") return false;
        if (isHangUpArmed) return hangUp();
        arm(true);
        announce(t.call.hangUpAgain);
        return true;
      },
      toggleMute: () => {
        const { call, muted } = engine.state();
        if (call === "idle") return false;
        engine.mute(!muted);
        announce(muted ? t.call.unmutedSaid : t.call.mutedSaid);
        return true;
      },
      toggleHold: () => {
        const { mode, contact } = current();
        if (mode !== "call" || !contact?.connected_at || !contact.leads) return false;
        const [verb, said] = contact.held_at ? [api.resume, t.hold.resumedSaid] : [api.hold, t.hold.heldSaid];
        void verb(contact.id).then(() => announce(said), complain);
        return true;
      },
      toggleReady: () => {
        const { mode, agent } = current();
        if (mode !== "idle") {
          notices.tell(t.presence.notNow);
          return true;
        }
        if (agent?.state === "ready") setPresence("not_ready", "break");
        else setPresence("ready");
        return true;
      },
    };
  }, [t, w, isHangUpArmed]);
}
