// What an offer does beyond its card: it rings, it is announced once, and the page's title calls. If the microphone is
// already allowed, audio is made ready, so that the caller hears the agent at once.

import { useEffect } from "react";
import type { OfferView } from "../../api/types.ts";
import { microphone } from "../../call/devices.ts";
import { LANGUAGE_NAMES } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { live } from "../../live/desk-socket.ts";
import { announce } from "../shell/announce.ts";
import { engine, ringer } from "../shell/calls.ts";
import { notices } from "../shell/notice.ts";
import { keyLabel } from "./shortcuts.ts";
import { shortcutSettings } from "./use-shortcuts.ts";

const TITLE_MS = 1_000;

export function useRinging(offer: OfferView | null): void {
  const t = useStaff();
  const w = useWords();
  const id = offer?.id ?? null;
  const service = offer?.contact.service ? w.services[offer.contact.service] : t.ringing.noService;
  const language = offer?.contact.language ? LANGUAGE_NAMES[offer.contact.language] : "";

  // One announcement and one ringing per offer, whatever else changes meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words are those of the moment the offer came.
  useEffect(() => {
    if (id === null) return;
    notices.clear();
    announce(t.ringing.announce(service, language, keyLabel(shortcutSettings.bindings().answer)), "assertive");
    if (microphone.state() === "granted") engine.prepare();
    ringer.start();
    return () => {
      ringer.stop();
      engine.discard();
    };
  }, [id]);

  useEffect(() => {
    if (id === null) return;
    const before = document.title;
    const ringing = `\u260E ${t.ringing.title(service)}`;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.title = ringing;
    const timer = setInterval(() => {
      if (!isCalm) document.title = document.title === ringing ? before : ringing;
    }, TITLE_MS);
    return () => {
      clearInterval(timer);
      document.title = before;
    };
  }, [id, service, t]);

  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.kind !== "offer_ended" || event.outcome === "accepted") return;
        if (event.agent === live.state().me?.id) notices.tell(t.ringing[event.outcome]);
      }),
    [t],
  );

  // Answered: it need not ring on while the audio is being connected.
  useEffect(
    () =>
      engine.subscribe(() => {
        if (engine.state().call !== "idle") ringer.stop();
      }),
    [],
  );
}
