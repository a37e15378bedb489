// The desk's keys: by position on the keyboard (`event.code`), with Alt, so that they work under any layout and input
// method and take nothing from the browser. Repeats, AltGr and half-written words are left alone.

export type Act = "answer" | "mute" | "hang_up" | "notes" | "wrap_up" | "ready" | "help" | "finish" | `code_${Rank}`;
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

const WITH_ALT: Record<string, Act> = {
  KeyA: "answer",
  KeyM: "mute",
  KeyX: "hang_up",
  KeyN: "notes",
  KeyW: "wrap_up",
  KeyR: "ready",
};

const DIGIT = /^(?:Digit|Numpad)([1-6])$/;

/** What `key` asks for; null for nothing of ours. `isTyping`: the focus is where characters are written. */
export function actOf(key: Key, isTyping: boolean): Act | null {
  if (key.repeat || key.isComposing || key.metaKey) return null;
  if (key.getModifierState("AltGraph") || (key.altKey && key.ctrlKey)) return null;
  if (key.altKey) return key.shiftKey ? null : (WITH_ALT[key.code] ?? null);
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

export function shortcutsEnabled(): boolean {
  return localStorage.getItem(ENABLED_KEY) !== "off";
}

export function enableShortcuts(enabled: boolean): void {
  localStorage.setItem(ENABLED_KEY, enabled ? "on" : "off");
}
