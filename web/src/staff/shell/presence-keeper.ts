// Brings an agent back to ready after a reload or a lost connection. The server calls a desk that went away "not
// responding"; an agent who was at work and whose desk is back is ready again without a click. An agent who missed
// calls while the desk was connected stays away until they say otherwise.

import type { LiveEvent, Me, PresenceState, Snapshot } from "../../api/types.ts";

const KEY = "walletline.at-work";

const AT_WORK: ReadonlySet<PresenceState> = new Set<PresenceState>(["ready", "ringing", "talking", "wrap_up"]);

export class PresenceKeeper {
  #storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  #goReady: () => void;
  #me: string | null = null;

  constructor(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">, goReady: () => void) {
    this.#storage = storage;
    this.#goReady = goReady;
  }

  snapshot(snapshot: Snapshot, me: Me): void {
    this.#me = me.id;
    const own = snapshot.agents[me.id];
    if (!own) return;
    if (own.state === "not_responding" && this.#storage.getItem(KEY) === me.id) this.#goReady();
    else this.#note(own.state);
  }

  event(event: LiveEvent): void {
    if (event.kind === "agent_changed" && event.agent.id === this.#me) this.#note(event.agent.state);
  }

  /** The agent logged out. */
  forget(): void {
    this.#me = null;
    this.#storage.removeItem(KEY);
  }

  #note(state: PresenceState): void {
    if (this.#me !== null && AT_WORK.has(state)) this.#storage.setItem(KEY, this.#me);
    else this.#storage.removeItem(KEY);
  }
}
