// The states of one call's audio in this browser, as a table. What is not listed is refused: the engine then knows that
// a message came late, and ignores it. The table holds no sockets, devices or screens.

export type CallState = "idle" | "preparing" | "accepting" | "connecting" | "talking" | "silent";

export type CallEvent =
  | "answer"
  | "microphone_ready"
  | "microphone_failed"
  | "accepted"
  | "refused"
  | "media_up"
  | "media_down"
  | "ended";

/** `silent`: the call stands but no audio flows; it may come back by itself. */
const TABLE: Record<CallState, Partial<Record<CallEvent, CallState>>> = {
  idle: { answer: "preparing" },
  preparing: { microphone_ready: "accepting", microphone_failed: "idle", ended: "idle" },
  accepting: { accepted: "connecting", refused: "idle", ended: "idle" },
  connecting: { media_up: "talking", media_down: "silent", ended: "idle" },
  talking: { media_down: "silent", ended: "idle" },
  silent: { media_up: "talking", ended: "idle" },
};

/** The state after `event`; null when the event means nothing in this state. */
export function next(state: CallState, event: CallEvent): CallState | null {
  return TABLE[state][event] ?? null;
}

/** Whether leaving the page now would cut somebody off. */
export function isBusy(state: CallState): boolean {
  return state !== "idle";
}
