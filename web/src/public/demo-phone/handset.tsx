// The handset: the line, the call's state and time, the keypad, mute, call and hang up. Keys work from the keyboard too.

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { DemoLine } from "../../api/types.ts";
import type { Dialler, DiallerState } from "../../call/dialler.ts";
import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { usePhone } from "../../i18n/use-phone.ts";
import { useWords } from "../../i18n/use-words.ts";
import type { PhoneMessages } from "../../i18n/zh-CN/phone.ts";
import type { Words } from "../../i18n/zh-CN/words.ts";
import { ChoiceCards } from "../../ui-lite/choice-cards.tsx";
import { Keypad } from "./keypad.tsx";

/** What the demo phone dials, and the number it claims. */
export type DemoDial = { line: string; msisdn: string };

type Props = {
  dialler: Dialler<DemoDial>;
  lines: DemoLine[];
  line: string | null;
  onLine: (line: string) => void;
  msisdn: string | null;
};

export function Handset({ dialler, lines, line, onLine, msisdn }: Props) {
  const t = usePhone();
  const w = useWords();
  const language = useLanguage();
  const audio = useRef<HTMLAudioElement>(null);
  const call = useSyncExternalStore(dialler.subscribe, dialler.state);
  const isInCall = call.call !== "idle";

  useEffect(() => {
    dialler.attach(audio.current);
    return () => dialler.attach(null);
  }, [dialler]);

  return (
    <section className="panel handset" aria-label={t.dialler.heading} data-call-state={call.call}>
      <ChoiceCards
        legend={t.line.heading}
        hidesLegend
        name="line"
        choices={lines}
        idOf={(candidate) => candidate.number}
        chosen={line}
        onChoose={onLine}
        isDisabled={isInCall}
      >
        {(candidate) => (
          <span className="line">
            <strong>{candidate.number}</strong>
            <span>{candidate.wallet_name[language]}</span>
          </span>
        )}
      </ChoiceCards>
      <Screen call={call} dialler={dialler} />
      <Keypad isActive={isInCall} onKey={(digit) => dialler.key(digit)} />
      <div className="call-row">
        {isInCall ? (
          <>
            <button
              type="button"
              className="plain round"
              aria-pressed={call.muted}
              aria-label={w.mute}
              onClick={() => dialler.mute(!call.muted)}
            >
              <Icon name={call.muted ? "microphoneOff" : "microphone"} size={24} />
            </button>
            <button type="button" className="hang-up" onClick={() => dialler.hangUp()}>
              <Icon name="hangUp" size={24} />
              {w.hangUp}
            </button>
          </>
        ) : (
          <button
            type="button"
            className="call"
            disabled={line === null || msisdn === null}
            onClick={() => line !== null && msisdn !== null && void dialler.dial({ line, msisdn })}
          >
            <Icon name="phone" size={24} />
            {line === null || msisdn === null ? t.dialler.needCustomer : t.dialler.dial(line)}
          </button>
        )}
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: a live call has no captions. */}
      <audio ref={audio} autoPlay hidden />
    </section>
  );
}

function Screen({ call, dialler }: { call: DiallerState; dialler: Dialler<DemoDial> }) {
  const t = usePhone();
  const w = useWords();
  const now = useTick(call.since_ms !== null);
  const isInCall = call.call !== "idle";
  return (
    <div className="screen">
      <p className="screen-state" role="status">
        {!isInCall && call.end !== null ? endText(call, t, w) : t.states[call.call]}
      </p>
      <p className="screen-time" role="timer">
        {duration(call.since_ms === null ? 0 : now - call.since_ms)}
      </p>
      <Level dialler={dialler} isInCall={isInCall} />
      <p className="screen-keys">
        <span className="visually-hidden">{t.dialler.pressed} </span>
        {call.keys.slice(-KEYS_SHOWN)}
      </p>
    </div>
  );
}

/** As many keys as fit on one line of the smallest screen. */
const KEYS_SHOWN = 16;

function endText({ end }: DiallerState, t: PhoneMessages, w: Words): string {
  if (end === null) return "";
  if (typeof end === "string") return t.ended[end];
  return `${w.microphone[end.microphone]} · ${t.microphoneHelp[end.microphone] ?? t.microphoneHelp.missing}`;
}

function Level({ dialler, isInCall }: { dialler: Dialler<DemoDial>; isInCall: boolean }) {
  const track = useRef<HTMLSpanElement>(null);
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!isInCall) return;
    const timer = setInterval(() => {
      const { rx, tx } = dialler.levels();
      if (track.current) {
        track.current.dataset.rxLevel = String(rx);
        track.current.dataset.txLevel = String(tx);
      }
      bar.current?.style.setProperty("transform", `scaleX(${rx / 100})`);
    }, 100);
    return () => {
      clearInterval(timer);
      bar.current?.style.setProperty("transform", "scaleX(0)");
    };
  }, [dialler, isInCall]);
  return (
    <span ref={track} className="level-track" aria-hidden="true" data-rx-level="0" data-tx-level="0">
      <span ref={bar} className="level-bar" />
    </span>
  );
}

function useTick(runs: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!runs) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}
