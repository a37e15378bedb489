// This tab's live state and call, as React sees them.

import { useSyncExternalStore } from "react";
import type { EngineState } from "../../call/engine.ts";
import { live } from "../../live/desk-socket.ts";
import type { LiveState } from "../../live/socket.ts";
import { engine } from "./calls.ts";

export function useLive(): LiveState {
  return useSyncExternalStore(live.subscribe, live.state);
}

export function useCall(): EngineState {
  return useSyncExternalStore(engine.subscribe, engine.state);
}
