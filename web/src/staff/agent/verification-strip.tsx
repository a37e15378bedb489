// The customer keys a code, or types into the app what this agent reads out: how it stands, that nobody hears them, and the ways out; afterwards what came of it. What is keyed is never
// here: it does not reach this desk.

import { useEffect } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { ContactView, MessageView } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { clockTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { announce } from "../shell/announce.ts";
import { notices } from "../shell/notice.ts";
import { isKeying } from "./verification.ts";

export function VerificationStrip({ contact }: { contact: ContactView }) {
  const t = useStaff();
  const w = useWords();
  const { challenge, leads } = contact;
  const isSecond = challenge?.factor === "second_factor";
  const isApp = challenge?.factor === "app_transfer";
  const states: Record<string, string> = isApp ? t.verification.appStates : isSecond ? t.verification.secondStates : {};
  const said = challenge ? (states[challenge.state] ?? t.verification.states[challenge.state]) : null;
  useEffect(() => {
    if (said !== null) announce(said);
  }, [said]);
  if (!challenge) return null;
  const goesOn = isKeying(challenge);
  const complain = (error: unknown) => notices.complain(w.problems[slugOfError(error)]);
  const tries = !isApp && (challenge.state === "wrong" || challenge.tries_left < 3) && goesOn;
  return (
    <div className="verification-strip" data-challenge={challenge.state} data-goes-on={goesOn}>
      <p>
        <Icon name={challenge.state === "verified" ? "proven" : goesOn ? "keys" : "warning"} size={16} />
        {said}
        {tries && <span className="verification-tries">{t.verification.triesLeft(challenge.tries_left)}</span>}
      </p>
      {challenge.message && <Message message={challenge.message} />}
      {isApp && challenge.code && (
        <p className="transfer-code">
          {t.verification.readOut} <strong data-transfer-code={challenge.code}>{[...challenge.code].join(" ")}</strong>
        </p>
      )}
      {isApp && goesOn && <p className="muted">{t.verification.appShows[challenge.operation ?? "verify"]}</p>}
      {!isApp && goesOn && <p className="muted">{t.verification.unheard}</p>}
      {challenge.limited && (
        <p className="form-problem">{isApp ? t.verification.appLimited : t.verification.limited}</p>
      )}
      {goesOn && leads && (
        <div className="company-buttons">
          {!isSecond && !isApp && (
            <Button onPress={() => void api.challenge(contact.id).catch(complain)}>{t.verification.another}</Button>
          )}
          <Button tone="accent" onPress={() => void api.endChallenge(contact.id).catch(complain)}>
            {isApp ? t.verification.endApp : t.verification.end}
          </Button>
        </div>
      )}
    </div>
  );
}

/** How far the message with the code is, by the clock: the customer who waits for it asks. */
function Message({ message }: { message: MessageView }) {
  const t = useStaff();
  const language = useLanguage();
  const { state, sent_at, settled_at } = message;
  const { states } = t.verification.message;
  const sent = sent_at && state !== "sent" ? `${states.sent} ${clockTime(sent_at, language)} · ` : "";
  const at = state === "sent" ? sent_at : settled_at;
  return (
    <p className={state === "failed" || state === "expired" ? "form-problem" : "muted"} data-message={state}>
      {t.verification.message.heading} {sent}
      {states[state]}
      {at && ` ${clockTime(at, language)}`}
    </p>
  );
}
