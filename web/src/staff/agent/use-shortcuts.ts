// Listens for the desk's keys on the whole page; what they do is the caller's.

import { useEffect, useRef } from "react";
import { type Act, actOf, isTextTarget, shortcutsEnabled } from "./shortcuts.ts";

/** `onAct` returns false when it had no use for the key, which then stays the browser's. */
export function useShortcuts(onAct: (act: Act) => boolean): void {
  const latest = useRef(onAct);
  useEffect(() => {
    latest.current = onAct;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!shortcutsEnabled()) return;
      const act = actOf(event, isTextTarget(event.target));
      if (act === null || !latest.current(act)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the controls: a focused button or list would keep Enter and digits for itself.
    document.addEventListener("keydown", listen, { capture: true });
    return () => document.removeEventListener("keydown", listen, { capture: true });
  }, []);
}
