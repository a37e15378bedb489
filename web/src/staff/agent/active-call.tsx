// The call going on: how long, whether both sides can be heard, mute and hang up.

import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { LANGUAGE_NAMES } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-words.ts";
import { Button } from "../../ui/button.tsx";
import { useCall, useLive } from "../shell/use-live.ts";
import { useNow } from "../shell/use-now.ts";
import { CallLegs } from "./call-legs.tsx";
import { CallerNumber } from "./caller.tsx";
import type { DeskView } from "./desk-view.ts";
import { LevelStrip } from "./level-strip.tsx";
import { useKeyLabels } from "./use-shortcuts.ts";
import type { Verbs } from "./use-verbs.ts";

export function ActiveCall({ view, verbs }: { view: DeskView; verbs: Verbs }) {
  const t = useStaff();
  const w = useWords();
  const keys = useKeyLabels();
  const call = useCall();
  const { offset_ms } = useLive();
  const now = useNow(offset_ms);
  const { contact, isOnPhone } = view;
  const since = contact?.connected_at;
  return (
    <section className="card active-call" aria-labelledby="call-title" data-audio={isOnPhone ? "phone" : "browser"}>
      <header className="card-head">
        <h2 id="call-title">
          <Icon name="phone" />
          {isOnPhone ? t.call.heading : t.call.states[call.call]}
        </h2>
        {contact?.language && <span className="tag">{LANGUAGE_NAMES[contact.language]}</span>}
      </header>
      <p className="timer" role="timer">
        {duration(since ? now - Date.parse(since) : 0)}
      </p>
      {contact && (
        <p className="call-who">
          <CallerNumber caller={contact.caller} />
          <span className="muted">{contact.service ? w.services[contact.service] : t.ringing.noService}</span>
        </p>
      )}
      {contact && <CallLegs legs={contact.legs} agent={contact.agent} />}
      {isOnPhone ? (
        <p className="muted">{t.call.onPhone}</p>
      ) : (
        <>
          <LevelStrip isMuted={call.muted} />
          {call.call === "silent" && <p className="form-problem">{t.call.noAudio}</p>}
          {call.muted && (
            <p className="muted-warning">
              <Icon name="microphoneOff" size={16} />
              {t.call.muted}
            </p>
          )}
        </>
      )}
      <div className="call-buttons">
        {!isOnPhone && (
          <Button
            size="large"
            tone={call.muted ? "warn" : "plain"}
            icon={call.muted ? "microphoneOff" : "microphone"}
            keys={keys.mute}
            onPress={verbs.toggleMute}
          >
            {call.muted ? w.unmute : w.mute}
          </Button>
        )}
        <Button
          tone="bad"
          size="large"
          icon="hangUp"
          keys={`${keys.hang_up} ×2`}
          onPress={verbs.hangUp}
          isDisabled={!contact}
        >
          {verbs.isHangUpArmed ? t.call.hangUpAgain : w.hangUp}
        </Button>
      </div>
    </section>
  );
}
