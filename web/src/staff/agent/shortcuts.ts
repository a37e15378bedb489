// The desk's keys: by position on the keyboard (`event.code`), with Alt, so that they work under any layout and input
// method and take nothing from the browser. Repeats, AltGr and half-written words are left alone.

import type { CustomerTab } from "./customer-tabs.ts";

export type Act =
  | "answer"
  | "mute"
  | "hold"
  | "transfer"
  | "verify"
  | "hang_up"
  | "notes"
  | "wrap_up"
  | "ready"
  | "help"
  | "finish"
  | `tab_${CustomerTab}`
  | `code_${Rank}`;
export type Rank = 1 | 2 | 3 | 4 | 5 | 6;

export type Key = {
  code: string;
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  repeat: boolean;
  isComposing: boolean;
  getModifierState: (name: string) => boolean;
};

/** The acts that have a key of their own with Alt, and that key unless the reader chose another. */
const DEFAULTS = {
  answer: "KeyA",
  mute: "KeyM",
  hold: "KeyH",
  transfer: "KeyT",
  verify: "KeyV",
  hang_up: "KeyX",
  notes: "KeyN",
  wrap_up: "KeyW",
  ready: "KeyR",
  tab_payment: "Digit1",
  tab_account: "Digit2",
  tab_refunds: "Digit3",
  tab_cases: "Digit4",
} as const satisfies Partial<Record<Act, string>>;

export type AltAct = keyof typeof DEFAULTS;
export type Bindings = Readonly<Record<AltAct, string>>;

export const ALT_ACTS = Object.keys(DEFAULTS) as AltAct[];
export const DEFAULT_BINDINGS: Bindings = DEFAULTS;

/** What may be bound: letters and digits, which every keyboard has. */
const BINDABLE = /^(?:Key([A-Z])|Digit(\d))$/;

/** How a bound key is shown: `Alt+A`. */
export function keyLabel(code: string): string {
  const found = BINDABLE.exec(code);
  return `Alt+${found?.[1] ?? found?.[2] ?? code}`;
}

const DIGIT = /^(?:Digit|Numpad)([1-6])$/;

/** What `key` asks for; null for nothing of ours. `isTyping`: the focus is where characters are written. */
export function actOf(key: Key, isTyping: boolean, bindings: Bindings = DEFAULT_BINDINGS): Act | null {
  if (key.repeat || key.isComposing || key.metaKey) return null;
  if (key.getModifierState("AltGraph") || (key.altKey && key.ctrlKey)) return null;
  if (key.altKey) return key.shiftKey ? null : (ALT_ACTS.find((act) => bindings[act] === key.code) ?? null);
  if (key.ctrlKey) return key.code === "Enter" || key.code === "NumpadEnter" ? "finish" : null;
  if (isTyping) return null;
  if (key.key === "?") return "help";
  const digit = key.shiftKey ? undefined : DIGIT.exec(key.code)?.[1];
  return digit === undefined ? null : (`code_${Number(digit) as Rank}` as Act);
}

/** Whether keys pressed on `target` write text there. */
export function isTextTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable)
    return true;
  return target instanceof HTMLInputElement && !["radio", "checkbox", "button", "submit"].includes(target.type);
}

const ENABLED_KEY = "walletline.shortcuts";
const BINDINGS_KEY = "walletline.shortcuts.keys";

/** The reader's own keys, kept in this browser. */
export class ShortcutSettings {
  #storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  #isEnabled: boolean;
  #bindings: Bindings;
  #listeners = new Set<() => void>();

  constructor(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">) {
    this.#storage = storage;
    this.#isEnabled = storage.getItem(ENABLED_KEY) !== "off";
    this.#bindings = readBindings(storage.getItem(BINDINGS_KEY));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  isEnabled = (): boolean => this.#isEnabled;

  bindings = (): Bindings => this.#bindings;

  enable(enabled: boolean): void {
    this.#isEnabled = enabled;
    this.#storage.setItem(ENABLED_KEY, enabled ? "on" : "off");
    this.#tell();
  }

  /** Gives `act` another key; the act that had it gets the old one. False for a key that cannot be bound. */
  bind(act: AltAct, code: string): boolean {
    if (!BINDABLE.test(code)) return false;
    const loser = ALT_ACTS.find((other) => this.#bindings[other] === code);
    const swapped = loser === undefined ? {} : { [loser]: this.#bindings[act] };
    this.#bindings = { ...this.#bindings, ...swapped, [act]: code };
    this.#storage.setItem(BINDINGS_KEY, JSON.stringify(this.#bindings));
    this.#tell();
    return true;
  }

  reset(): void {
    this.#bindings = DEFAULT_BINDINGS;
    this.#storage.removeItem(BINDINGS_KEY);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What was stored, if it gives every act a key of its own; else the defaults. */
function readBindings(text: string | null): Bindings {
  try {
    const stored: unknown = JSON.parse(text ?? "null");
    if (typeof stored !== "object" || stored === null) return DEFAULT_BINDINGS;
    const codes = ALT_ACTS.map((act) => (stored as Record<string, unknown>)[act]);
    const isWhole = codes.every((code) => typeof code === "string" && BINDABLE.test(code));
    return isWhole && new Set(codes).size === codes.length ? (stored as Bindings) : DEFAULT_BINDINGS;
  } catch {
    return DEFAULT_BINDINGS;
  }
}
