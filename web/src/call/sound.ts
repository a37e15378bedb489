// The page's one AudioContext, shared by the ringing sound and the level meters. Browsers keep it suspended until the
// first click or key; nothing here waits for it, so a silent context never holds up a call.

let context: AudioContext | null = null;

/** The context; null where the browser has none. */
export function audioContext(): AudioContext | null {
  if (typeof AudioContext === "undefined") return null;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume().catch(() => undefined);
  return context;
}

/** Wakes the context at the reader's next click or key, so that a call can ring audibly after a reload. */
export function wakeOnGesture(): void {
  const wake = () => audioContext();
  addEventListener("pointerdown", wake, { once: true, capture: true });
  addEventListener("keydown", wake, { once: true, capture: true });
}
