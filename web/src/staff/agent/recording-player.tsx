// Plays the recording of a contact: both channels as waveforms, moved to by pointer and by keys. Sound is fetched part by part, and
// only once somebody presses play: listening is on record.

import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { api, recordingPath } from "../../api/client.ts";
import type { Recording } from "../../api/types.ts";
import { duration } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button, Toggle } from "../../ui/button.tsx";
import "./recording.css";
import { HeardBy, Holds, KeepingTags } from "./recording-keeping.tsx";
import { bars, maskedShares, outline, within } from "./waveform.ts";

const SPEEDS = [1, 1.5, 2] as const;

/** How far a key moves, milliseconds. */
const STEP_MS = 5_000;
const LEAP_MS = 30_000;

export function RecordingPlayer({ contact, mayHold = false }: { contact: string; mayHold?: boolean }) {
  const t = useStaff();
  const { data: recording, isError } = useQuery({
    queryKey: ["recording", contact],
    queryFn: () => api.recording(contact),
  });
  return (
    <section className="recording" aria-labelledby="recording-title">
      <h3 id="recording-title" className="fact-title">
        {t.recording.heading}
      </h3>
      {isError && <p className="form-problem">{t.recording.failed}</p>}
      {!isError && !recording && <p className="muted small">{t.recording.loading}</p>}
      {recording && <Player recording={recording} source={recordingPath(contact)} mayHold={mayHold} />}
    </section>
  );
}

function Player({ recording, source, mayHold }: { recording: Recording; source: string; mayHold: boolean }) {
  const t = useStaff();
  const audio = useRef<HTMLAudioElement>(null);
  const [at_ms, setAt] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const [speed, setSpeed] = useState<number>(1);

  const move = (ms: number) => {
    const to = within(recording, ms);
    setAt(to);
    if (audio.current) audio.current.currentTime = to / 1000;
  };
  const toggle = () => {
    const player = audio.current;
    if (!player) return;
    if (isPlaying) return player.pause();
    if (at_ms >= recording.duration_ms) move(0);
    setFailed(false);
    player.playbackRate = speed;
    void player.play().catch(() => setFailed(true));
  };
  const choose = (to: number) => {
    setSpeed(to);
    if (audio.current) audio.current.playbackRate = to;
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: nobody wrote down what was said in a call. */}
      <audio
        ref={audio}
        src={source}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setPlaying(false)}
        onError={() => setFailed(true)}
        onTimeUpdate={({ currentTarget }) => setAt(within(recording, currentTarget.currentTime * 1000))}
      />
      <KeepingTags recording={recording} />
      <Waveform recording={recording} at_ms={at_ms} onMove={move} onToggle={toggle} />
      <div className="recording-bar">
        <Button icon={isPlaying ? "pause" : "play"} onPress={toggle}>
          {isPlaying ? t.recording.pause : t.recording.play}
        </Button>
        <span className="figures">{t.recording.at(duration(at_ms), duration(recording.duration_ms))}</span>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot lie in a row of buttons. */}
        <span className="recording-speeds" role="group" aria-label={t.recording.speed}>
          {SPEEDS.map((each) => (
            <Toggle key={each} isSelected={speed === each} onChange={() => choose(each)}>
              {t.recording.times(each)}
            </Toggle>
          ))}
        </span>
      </div>
      {hasFailed && <p className="form-problem">{t.recording.failed}</p>}
      <Facts recording={recording} />
      <Holds recording={recording} mayHold={mayHold} />
      <HeardBy recording={recording} />
    </>
  );
}

function Waveform({
  recording,
  at_ms,
  onMove,
  onToggle,
}: {
  recording: Recording;
  at_ms: number;
  onMove: (ms: number) => void;
  onToggle: () => void;
}) {
  const t = useStaff();
  const channels = [
    { name: t.recording.customer, heights: bars(recording.peaks.customer) },
    { name: t.recording.heard, heights: bars(recording.peaks.heard) },
  ];
  const moves: Record<string, number> = {
    ArrowLeft: at_ms - STEP_MS,
    ArrowDown: at_ms - STEP_MS,
    ArrowRight: at_ms + STEP_MS,
    ArrowUp: at_ms + STEP_MS,
    PageDown: at_ms - LEAP_MS,
    PageUp: at_ms + LEAP_MS,
    Home: 0,
    End: recording.duration_ms,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = moves[event.key];
    if (to !== undefined) onMove(to);
    else if (event.key === " " || event.key === "Enter") onToggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === "pointermove" && event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    if (box.width > 0) onMove(((event.clientX - box.left) / box.width) * recording.duration_ms);
  };
  const share = at_ms / Math.max(1, recording.duration_ms);
  return (
    <div
      className={recording.kept_by === "hold" ? "waveform waveform-held" : "waveform"}
      role="slider"
      tabIndex={0}
      aria-label={t.recording.position}
      aria-valuemin={0}
      aria-valuemax={Math.round(recording.duration_ms / 1000)}
      aria-valuenow={Math.round(at_ms / 1000)}
      aria-valuetext={t.recording.at(duration(at_ms), duration(recording.duration_ms))}
      onKeyDown={onKeyDown}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
    >
      {channels.map(({ name, heights }) => (
        <div key={name} className="waveform-channel">
          <span className="waveform-name small">{name}</span>
          <svg viewBox={`0 0 ${Math.max(1, heights.length)} 2`} preserveAspectRatio="none" aria-hidden="true">
            <path d={outline(heights)} />
          </svg>
        </div>
      ))}
      <svg className="waveform-marks" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {maskedShares(recording).map((span) => (
          <rect key={span.from} className="waveform-masked" x={span.from} y="0" width={span.length} height="1" />
        ))}
        <line className="waveform-at" x1={share} x2={share} y1="0" y2="1" vectorEffect="non-scaling-stroke" />
      </svg>
    </div>
  );
}

function Facts({ recording }: { recording: Recording }) {
  const t = useStaff();
  return (
    <ul className="recording-facts small">
      {recording.masked.map((span) => (
        <li key={span.from_ms}>{t.recording.masked(duration(span.from_ms), duration(span.to_ms))}</li>
      ))}
      {recording.recovered && <li>{t.recording.recovered}</li>}
      <li>{t.recording.notice(recording.notice.version, recording.notice.language)}</li>
    </ul>
  );
}
