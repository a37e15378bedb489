// How loud a stream is just now, for the strips that show an agent that both sides can be heard. It measures; it never
// records, keeps or changes the audio.

import { audioContext } from "./sound.ts";

export type Meter = {
  /** 0 (silence) to 100 (full scale), on a decibel scale that speech fills. */
  level: () => number;
  close: () => void;
};

/** What counts as silence, decibels below full scale. */
const FLOOR_DB = -60;
const WINDOW = 1024;

const NO_METER: Meter = { level: () => 0, close: () => undefined };

export function meterOf(stream: MediaStream): Meter {
  const context = audioContext();
  if (!context || stream.getAudioTracks().length === 0) return NO_METER;
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = WINDOW;
  source.connect(analyser);
  const samples = new Float32Array(WINDOW);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples);
    },
    close: () => source.disconnect(),
  };
}

/** Root mean square of `samples` (−1 to 1) as 0 to 100. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms === 0) return 0;
  const db = 20 * Math.log10(rms);
  return Math.round(Math.min(1, Math.max(0, 1 - db / FLOOR_DB)) * 100);
}
