// The call going on: how long, who else is on it, whether all can be heard, and what can be done with it. A call whose audio this desk
// lost offers nothing before the way back.

import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { LANGUAGE_NAMES } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { useCall, useLive } from "../shell/use-live.ts";
import { useNow } from "../shell/use-now.ts";
import { CallLegs } from "./call-legs.tsx";
import { CallerNumber } from "./caller.tsx";
import { Company } from "./company.tsx";
import type { DeskView } from "./desk-view.ts";
import { HoldStrip } from "./hold-strip.tsx";
import { Keypad } from "./keypad.tsx";
import { LevelStrip } from "./level-strip.tsx";
import { PressureButton } from "./pressure-button.tsx";
import { ReportButton } from "./report-button.tsx";
import { useKeyLabels } from "./use-shortcuts.ts";
import type { Verbs } from "./use-verbs.ts";
import { isKeying } from "./verification.ts";
import { VerificationStrip } from "./verification-strip.tsx";

type Props = { view: DeskView; verbs: Verbs; onTransfer?: () => void; onVerify?: () => void };

export function ActiveCall({ view, verbs, onTransfer, onVerify }: Props) {
  const t = useStaff();
  const w = useWords();
  const call = useCall();
  const { offset_ms } = useLive();
  const now = useNow(offset_ms);
  const { contact, isOnPhone, isAudioLost } = view;
  const since = contact?.connected_at;
  const heldSince = contact?.held_at ?? null;
  const state = isOnPhone ? t.call.heading : isAudioLost ? t.lost.heading : t.call.states[call.call];
  return (
    <section
      className="card active-call"
      aria-labelledby="call-title"
      data-audio={isOnPhone ? "phone" : isAudioLost ? "lost" : "browser"}
      data-held={heldSince !== null}
    >
      <header className="card-head">
        <h2 id="call-title">
          <Icon name={heldSince === null ? "phone" : "pause"} />
          {heldSince !== null && !isAudioLost ? t.hold.heading : state}
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
      {heldSince !== null && <HoldStrip since={heldSince} offset_ms={offset_ms} />}
      {contact && <VerificationStrip contact={contact} />}
      {contact && <Company contact={contact} verbs={verbs} />}
      {isAudioLost ? <p className="form-problem">{t.lost.text}</p> : <Audio isOnPhone={isOnPhone} />}
      <Buttons view={view} verbs={verbs} {...(onTransfer ? { onTransfer } : {})} {...(onVerify ? { onVerify } : {})} />
      {contact && onTransfer && (heldSince === null || contact.outside) && !isKeying(contact.challenge) && (
        <Keypad contact={contact.id} />
      )}
    </section>
  );
}

function Audio({ isOnPhone }: { isOnPhone: boolean }) {
  const t = useStaff();
  const call = useCall();
  if (isOnPhone) return <p className="muted">{t.call.onPhone}</p>;
  return (
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
  );
}

function Buttons({ view, verbs, onTransfer, onVerify }: Props) {
  const t = useStaff();
  const w = useWords();
  const keys = useKeyLabels();
  const call = useCall();
  const { contact, isOnPhone, isAudioLost } = view;
  const isHeld = Boolean(contact?.held_at);
  const leads = contact === null || contact.leads;
  return (
    <div className="call-buttons">
      {isAudioLost && leads && (
        <Button tone="ok" size="large" icon="phone" keys={keys.answer} onPress={verbs.resumeCall}>
          {t.lost.resume}
        </Button>
      )}
      {!isAudioLost && leads && (
        <Button
          size="large"
          tone={isHeld ? "accent" : "plain"}
          icon={isHeld ? "phone" : "pause"}
          keys={keys.hold}
          onPress={verbs.toggleHold}
          isDisabled={!contact?.connected_at}
        >
          {isHeld ? t.hold.resume : t.hold.hold}
        </Button>
      )}
      {onVerify && (
        <Button size="large" icon="shield" keys={keys.verify} onPress={onVerify}>
          {t.verification.verify}
        </Button>
      )}
      {contact && !isAudioLost && <ReportButton contact={contact} />}
      {contact && !isAudioLost && <PressureButton contact={contact} />}
      {onTransfer && !contact?.asked && (
        <Button size="large" icon="leave" keys={keys.transfer} onPress={onTransfer}>
          {t.transfer.transfer}
        </Button>
      )}
      {!isOnPhone && !isAudioLost && (
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
      {leads ? (
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
      ) : (
        <Button tone="bad" size="large" icon="leave" onPress={verbs.leave}>
          {t.transfer.leaveAsGuest}
        </Button>
      )}
    </div>
  );
}
