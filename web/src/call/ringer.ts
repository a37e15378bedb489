// The sound of an incoming call, made on the spot: two soft notes, a pause, again. No file is fetched for it.
// It can be silenced; the screen then still shows the call.

import { audioContext } from "./sound.ts";

const NOTES_HZ = [659.25, 783.99];
const NOTE_S = 0.22;
const GAIN = 0.12;
/** From one ring to the next, milliseconds. */
const PERIOD_MS = 2_000;

const SILENCED_KEY = "walletline.ringer.silenced";

export class Ringer {
  #timer: ReturnType<typeof setInterval> | null = null;
  #silenced: boolean;
  #storage: Pick<Storage, "getItem" | "setItem">;
  #listeners = new Set<() => void>();

  constructor(storage: Pick<Storage, "getItem" | "setItem">) {
    this.#storage = storage;
    this.#silenced = storage.getItem(SILENCED_KEY) === "yes";
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  isSilenced = (): boolean => this.#silenced;

  silence(silenced: boolean): void {
    this.#silenced = silenced;
    this.#storage.setItem(SILENCED_KEY, silenced ? "yes" : "no");
    for (const listener of this.#listeners) listener();
  }

  start(): void {
    if (this.#timer !== null) return;
    this.#ring();
    this.#timer = setInterval(() => this.#ring(), PERIOD_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #ring(): void {
    if (this.#silenced) return;
    const context = audioContext();
    if (context?.state !== "running") return;
    NOTES_HZ.forEach((hz, index) => {
      const from = context.currentTime + index * NOTE_S;
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.type = "triangle";
      tone.frequency.value = hz;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(GAIN, from + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.001, from + NOTE_S * 2);
      tone.connect(gain).connect(context.destination);
      tone.start(from);
      tone.stop(from + NOTE_S * 2);
    });
  }
}
