// The presence keeper of this tab, joined to its live connection.

import { api } from "../../api/client.ts";
import { live } from "../../live/desk-socket.ts";
import { PresenceKeeper } from "./presence-keeper.ts";

export const presenceKeeper = new PresenceKeeper(sessionStorage, () => {
  // Refused or unreachable: the top bar then shows "not responding", with the way out of it.
  void api.setPresence({ state: "ready" }).catch(() => undefined);
});

live.onSnapshot((snapshot, me) => presenceKeeper.snapshot(snapshot, me));
live.onEvent((event) => presenceKeeper.event(event));
