// The messages of a phone as the page shows them: each with a key of its own, which of them are new, and where in a text a
// code stands.

import type { DemoMessage } from "../../api/types.ts";

export type Keyed = { key: string; message: DemoMessage };

/** Newest first, as they come. Two that are alike in everything are told apart by their place from the oldest on. */
export function keyed(messages: DemoMessage[]): Keyed[] {
  const seen = new Map<string, number>();
  return messages
    .toReversed()
    .map((message) => {
      const same = [message.at, message.channel, message.to, message.text].join("\n");
      const turn = (seen.get(same) ?? 0) + 1;
      seen.set(same, turn);
      return { key: `${turn}\n${same}`, message };
    })
    .toReversed();
}

/** What came since `before`, oldest first, to be read out; nothing when there was no before. */
export function arrivals(before: Keyed[] | null, after: Keyed[]): DemoMessage[] {
  if (before === null) return [];
  const known = new Set(before.map(({ key }) => key));
  return after
    .filter(({ key }) => !known.has(key))
    .toReversed()
    .map(({ message }) => message);
}

export type Part = { at: number; text: string; isCode: boolean };

/** A code: six digits by themselves, not part of an identifier or an amount. */
const CODE = /(?<![\dA-Za-z.,])(\d{6})(?![.,]?\d)/;

/** The text in parts, codes apart; `at` is where a part begins. */
export function partsOf(text: string): Part[] {
  let at = 0;
  return text.split(CODE).flatMap((part, place) => {
    const found = { at, text: part, isCode: place % 2 === 1 };
    at += part.length;
    return part === "" ? [] : [found];
  });
}
