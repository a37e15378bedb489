// When the control that had the focus disappears (Answer, Finish), the focus goes to the phone panel instead of the
// top of the page. It never takes the focus from anything that still has it.

import { useEffect } from "react";

/** A closing menu or window gives the focus back by itself; this long it may take, milliseconds. */
const GRACE_MS = 120;

export function useFocusRescue(): void {
  useEffect(() => {
    let last: Element | null = null;
    const remember = (event: FocusEvent) => {
      last = event.target instanceof Element ? event.target : null;
    };
    let timer: ReturnType<typeof setTimeout> | null = null;
    const isLost = () => last !== null && !last.isConnected && document.activeElement === document.body;
    const rescue = () => {
      timer = null;
      if (isLost()) document.getElementById("phone")?.focus();
    };
    const look = () => {
      if (isLost()) timer ??= setTimeout(rescue, GRACE_MS);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusin", remember);
    return () => {
      observer.disconnect();
      if (timer !== null) clearTimeout(timer);
      document.removeEventListener("focusin", remember);
    };
  }, []);
}
