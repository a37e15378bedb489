// The shape of a recording: peaks joined to as many bars as fit, and places in it as shares of its length. It draws nothing.

import type { Recording } from "../../api/types.ts";

/** Loudest value of a peak. */
const PEAK_MAX = 255;

/** Bars of one channel: as many as are told apart on a narrow panel. */
export const BARS_MAX = 240;

/** The loudest of every bar, 0 to 1. Speech is mostly quiet: the root lets it be seen. */
export function bars(peaks: readonly number[], count_max = BARS_MAX): number[] {
  const count = Math.min(peaks.length, count_max);
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count));
    return Math.sqrt(Math.max(...peaks.slice(from, to)) / PEAK_MAX);
  });
}

/** Silence is a thin line and not nothing. */
const HEIGHT_MIN = 0.02;

/** The bars as one shape, in a box as wide as there are bars and 2 high. */
export function outline(heights: readonly number[]): string {
  const bar = (height: number, at: number) => {
    const half = Math.max(HEIGHT_MIN, height);
    return `M${(at + 0.1).toFixed(1)} ${(1 - half).toFixed(2)}h.8v${(2 * half).toFixed(2)}h-.8z`;
  };
  return heights.map(bar).join("");
}

/** Masked spans as shares of the recording's length. */
export function maskedShares(recording: Recording): { from: number; length: number }[] {
  const share = (ms: number) => Math.min(1, ms / Math.max(1, recording.duration_ms));
  return recording.masked.map((span) => ({
    from: share(span.from_ms),
    length: share(span.to_ms) - share(span.from_ms),
  }));
}

/** A place that is asked for, kept within the recording. */
export function within(recording: Recording, ms: number): number {
  return Math.min(recording.duration_ms, Math.max(0, ms));
}
