// The one short message above the phone: what just happened, or why something did not. A newer one replaces it, and a
// reader can put it away; it also is announced.

import { announce } from "./announce.ts";

export type Notice = { text: string; tone: "info" | "bad" } | null;

/** How long good news stays, milliseconds; a complaint stays until it is put away. */
const INFO_MS = 10_000;

let notice: Notice = null;
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

function set(changed: Notice): void {
  if (timer !== null) clearTimeout(timer);
  timer = changed?.tone === "info" ? setTimeout(() => set(null), INFO_MS) : null;
  notice = changed;
  for (const listener of listeners) listener();
}

export const notices = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: (): Notice => notice,
  tell: (text: string): void => {
    set({ text, tone: "info" });
    announce(text);
  },
  complain: (text: string): void => {
    set({ text, tone: "bad" });
    announce(text);
  },
  clear: (): void => set(null),
};
