// Prompts as the demo publishes them, and how like one of them is what somebody heard.

import type { Hotline } from "./hotline.ts";
import { find, RATE_HZ, readWav } from "./sound.ts";
import type { TimelineEntry } from "./staff.ts";
import { expect } from "./test.ts";

/** A line of the timeline about a prompt. */
export type Said = TimelineEntry & { asset: string; language: string; words: string; interrupted_by: string | null };

export async function published(hotline: Hotline, asset: string, language: string): Promise<Int16Array> {
  const response = await fetch(`${hotline.origin}/demo/api/prompts/${encodeURIComponent(asset)}/${language}.wav`);
  expect(response.status, `${asset} in ${language}`).toBe(200);
  return readWav(Buffer.from(await response.arrayBuffer()));
}

/**
 * How like the published audio the typical second of it is, or third where it is short: on a starved machine a packet may come late,
 * and whatever follows in the same prompt is heard whole, but a little later.
 */
export function likeness(clip: Int16Array, heard: Int16Array): number {
  const length = Math.min(RATE_HZ, Math.floor(clip.length / 3));
  const pieces = Array.from({ length: Math.floor(clip.length / length) }, (_, at) => clip.subarray(at * length, (at + 1) * length));
  const each = pieces.map((piece) => find(piece, heard).likeness).sort((a, b) => a - b);
  return each[Math.floor(each.length / 2)] ?? 0;
}

/** Like the published audio: G.711 and resampling leave a little difference. */
export const SAME = 0.9;
