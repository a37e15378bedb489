// Two live regions for the whole desk. `assertive` is for an incoming call, once; everything else is polite. Counters
// and clocks are never announced.

export type Announcement = { text: string; turn: number };
export type Urgency = "polite" | "assertive";

const NOTHING: Announcement = { text: "", turn: 0 };
const said: Record<Urgency, Announcement> = { polite: NOTHING, assertive: NOTHING };
const listeners = new Set<() => void>();

/** Has `text` read out; the same text twice is read twice. */
export function announce(text: string, urgency: Urgency = "polite"): void {
  said[urgency] = { text, turn: said[urgency].turn + 1 };
  for (const listener of listeners) listener();
}

export const announcements = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  polite: (): Announcement => said.polite,
  assertive: (): Announcement => said.assertive,
};
