// Twelve keys, by finger or by keyboard. A key pressed on the keyboard is shown as pressed, so that both feel the same.

import { useEffect, useRef, useState } from "react";
import { usePhone } from "../../i18n/use-phone.ts";

const KEYS: [string, string][] = [
  ["1", ""],
  ["2", "ABC"],
  ["3", "DEF"],
  ["4", "GHI"],
  ["5", "JKL"],
  ["6", "MNO"],
  ["7", "PQRS"],
  ["8", "TUV"],
  ["9", "WXYZ"],
  ["*", ""],
  ["0", ""],
  ["#", ""],
];

/** How long a key from the keyboard looks pressed, milliseconds. */
const SHOWN_MS = 120;

export function Keypad({ isActive, onKey }: { isActive: boolean; onKey: (digit: string) => void }) {
  const t = usePhone();
  const [shown, show] = useState<string | null>(null);
  const press = useRef(onKey);
  useEffect(() => {
    press.current = onKey;
  });

  useEffect(() => {
    if (!isActive) return;
    const listen = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (event.target instanceof HTMLSelectElement || !KEYS.some(([digit]) => digit === event.key)) return;
      event.preventDefault();
      show(event.key);
      press.current(event.key);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [isActive]);

  useEffect(() => {
    if (shown === null) return;
    const timer = setTimeout(() => show(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  return (
    <fieldset className="keypad" disabled={!isActive}>
      <legend className="visually-hidden">{t.dialler.keypad}</legend>
      {KEYS.map(([digit, letters]) => (
        <button
          key={digit}
          type="button"
          className="key"
          data-key={digit}
          data-pressed={shown === digit}
          aria-label={t.dialler.key(digit)}
          onClick={() => onKey(digit)}
        >
          <span>{digit}</span>
          <small>{letters}</small>
        </button>
      ))}
    </fieldset>
  );
}
