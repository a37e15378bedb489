// The test before a call: does the microphone hear, does the loudspeaker sound, how does one's own voice come back. Nothing of
// it is sent or kept; the microphone is let go when the test or the page ends.

import { MicrophoneError, openMicrophone } from "../../../call/devices.ts";
import { type Meter, meterOf } from "../../../call/level.ts";
import { audioContext } from "../../../call/sound.ts";

/** Above this level somebody speaks; a quiet room stays below. */
const SPEECH_LEVEL = 35;
const LEVEL_MS = 100;

const RECORDED_MS = 3_000;

/** A tone that neither startles nor is missed: 440 Hz for a second, at a fifth of full scale. */
const TONE_HZ = 440;
const TONE_S = 1;
const TONE_GAIN = 0.2;

export function addDeviceTest(): (() => void) | undefined {
  const section = document.querySelector<HTMLElement>("[data-device-test]");
  const button = section?.querySelector<HTMLButtonElement>("[data-test=microphone]");
  const echo = section?.querySelector<HTMLButtonElement>("[data-test=echo]");
  const tone = section?.querySelector<HTMLButtonElement>("[data-test=tone]");
  const status = section?.querySelector<HTMLElement>("[data-test-status]");
  const track = section?.querySelector<HTMLElement>("[data-level]");
  const bar = track?.querySelector("span");
  if (!section || !button || !echo || !tone || !status || !track || !bar) return;
  const words = button.textContent;
  const say = (what: string) => {
    status.textContent = section.getAttribute(`data-${what}`) ?? "";
  };
  let stream: MediaStream | null = null;
  let meter: Meter | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;

  const stop = () => {
    clearInterval(timer);
    meter?.close();
    for (const each of stream?.getTracks() ?? []) each.stop();
    stream = null;
    meter = null;
    button.textContent = words;
    button.setAttribute("aria-pressed", "false");
    track.hidden = true;
    echo.hidden = true;
  };

  const start = async () => {
    try {
      stream = await openMicrophone();
    } catch (error) {
      say(error instanceof MicrophoneError ? error.state : "missing");
      return;
    }
    meter = meterOf(stream);
    button.textContent = button.dataset.stop ?? "";
    button.setAttribute("aria-pressed", "true");
    track.hidden = false;
    echo.hidden = typeof MediaRecorder === "undefined";
    say("quiet");
    let heard = false;
    timer = setInterval(() => {
      const level = meter?.level() ?? 0;
      bar.style.setProperty("transform", `scaleX(${level / 100})`);
      if (heard || level < SPEECH_LEVEL) return;
      heard = true;
      say("heard");
    }, LEVEL_MS);
  };

  button.onclick = () => {
    if (!stream) void start();
    else {
      stop();
      status.textContent = "";
    }
  };
  echo.onclick = async () => {
    if (!stream) return;
    echo.disabled = true;
    say("recording");
    const audio = new Audio(URL.createObjectURL(await recorded(stream)));
    audio.onended = () => URL.revokeObjectURL(audio.src);
    say("playing");
    await audio.play().catch(() => undefined);
    echo.disabled = false;
  };
  tone.onclick = () => {
    say("tone");
    playTone();
  };
  section.hidden = false;
  return stop;
}

function recorded(stream: MediaStream): Promise<Blob> {
  return new Promise((resolve) => {
    const recorder = new MediaRecorder(stream);
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => resolve(new Blob(pieces, { type: recorder.mimeType }));
    recorder.start();
    setTimeout(() => {
      if (recorder.state !== "inactive") recorder.stop();
    }, RECORDED_MS);
  });
}

function playTone(): void {
  const context = audioContext();
  if (!context) return;
  const [oscillator, gain] = [context.createOscillator(), context.createGain()];
  oscillator.frequency.value = TONE_HZ;
  const now = context.currentTime;
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(TONE_GAIN, now + 0.05);
  gain.gain.setValueAtTime(TONE_GAIN, now + TONE_S - 0.1);
  gain.gain.linearRampToValueAtTime(0, now + TONE_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(now);
  oscillator.stop(now + TONE_S);
}
