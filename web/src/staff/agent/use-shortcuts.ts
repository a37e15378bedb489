// Listens for the desk's keys on the whole page; what they do is the caller's.

import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { type Act, ALT_ACTS, type AltAct, actOf, isTextTarget, keyLabel, ShortcutSettings } from "./shortcuts.ts";

export const shortcutSettings = new ShortcutSettings(localStorage);

/** Marks a control that reads keys itself, to learn one. */
export const LEARNS_KEYS = "data-learns-keys";

/** `onAct` returns false when it had no use for the key, which then stays the browser's. */
export function useShortcuts(onAct: (act: Act) => boolean): void {
  const latest = useRef(onAct);
  useEffect(() => {
    latest.current = onAct;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!shortcutSettings.isEnabled()) return;
      if (event.target instanceof Element && event.target.hasAttribute(LEARNS_KEYS)) return;
      const act = actOf(event, isTextTarget(event.target), shortcutSettings.bindings());
      if (act === null || !latest.current(act)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the controls: a focused button or list would keep Enter and digits for itself.
    document.addEventListener("keydown", listen, { capture: true });
    return () => document.removeEventListener("keydown", listen, { capture: true });
  }, []);
}

/** How the key of each act is shown now. */
export function useKeyLabels(): Record<AltAct, string> {
  const bindings = useSyncExternalStore(shortcutSettings.subscribe, shortcutSettings.bindings);
  return useMemo(
    () => Object.fromEntries(ALT_ACTS.map((act) => [act, keyLabel(bindings[act])])) as Record<AltAct, string>,
    [bindings],
  );
}
