// A caller on the way through the help that the keypad gives: what was said and keyed, read in the record, and the ways that many
// tests go.

import type { SipCaller } from "./sipp.ts";
import type { Contact, Staff, TimelineEntry } from "./staff.ts";
import { until } from "./wait.ts";
import type { Wallet } from "./wallet.ts";

/** The key of a language at the greeting. */
export const KEY = { "zh-CN": "1", en: "2" } as const;

/** A contact's lines of one kind. */
export const lines = (timeline: TimelineEntry[], kind: string) => timeline.filter((entry) => entry.kind === kind);
export const assets = (timeline: TimelineEntry[]) => lines(timeline, "said").map((entry) => String(entry.asset));
export const heard = (timeline: TimelineEntry[], asset: string) => String(lines(timeline, "said").find((entry) => entry.asset === asset)?.words ?? "");
export const keyed = (timeline: TimelineEntry[]) => lines(timeline, "keyed").map((entry) => String(entry.digits));

export function opened(lead: Staff, known: string[] = []): Promise<Contact> {
  return lead.untilContact("that is live", (each) => each.ended_at === null && !known.includes(each.id));
}

/** Waits until the prompt was said: it is written down when it ends, by a key or by itself. */
export function untilSaid(lead: Staff, id: string, asset: string, seconds = 30): Promise<TimelineEntry[]> {
  let seen: string[] = [];
  const ask = async () => {
    const timeline = await lead.timeline(id);
    seen = assets(timeline);
    return seen.includes(asset) ? timeline : null;
  };
  return until(`${asset} is said`, ask, seconds, () => `but ${seen.join(" ")}`);
}

/** Presses keys of which the first ends the prompt, and resolves when the next prompt begins. */
export async function pressAndHear(caller: SipCaller, keys: string): Promise<void> {
  await caller.press(keys);
  await caller.rtp.untilSound();
}

/** From the greeting to the question whether to freeze; `1` is the next key. Empty: the calling number. */
export async function untilConfirmation(caller: SipCaller, language: keyof typeof KEY, number = "1"): Promise<void> {
  await pressAndHear(caller, `${KEY[language]}9`);
  await pressAndHear(caller, `${number}#`);
}

/** From the greeting to the question for a code. */
export async function untilCodeAsked(caller: SipCaller, language: keyof typeof KEY, number = ""): Promise<void> {
  await pressAndHear(caller, `${KEY[language]}21`);
  await pressAndHear(caller, `${number}#`);
}

/** From the greeting to A2: language, `2` `1`, the number, the code from the demo phone. */
export async function verify(wallet: Wallet, caller: SipCaller, language: keyof typeof KEY, number: string, known: string[] = []): Promise<string> {
  await caller.press(`${KEY[language]}21`);
  await caller.press(`${number}#`);
  const code = await wallet.untilCode(caller.number, known);
  await caller.press(`${code}#`);
  return code;
}
