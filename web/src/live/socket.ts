// The desk's one live connection: snapshot first, then events numbered without a gap. On a gap it asks for a fresh
// snapshot and ignores events until it comes, so that the screen never shows a state that did not exist.
// It knows nothing of screens and calls; whoever cares subscribes.

import type { LiveEvent, LiveFromDesk, LiveFromServer, Me, Snapshot } from "../api/types.ts";
import { apply, EMPTY_SNAPSHOT } from "./apply.ts";

export type Connection = "connecting" | "open" | "lost";

export type LiveState = {
  connection: Connection;
  /** False until the first snapshot arrived. */
  known: boolean;
  snapshot: Snapshot;
  me: Me | null;
  /** Server time minus this computer's, milliseconds: waits and countdowns are the server's. */
  offset_ms: number;
  /** When the server was last heard, in this computer's milliseconds. */
  heard_at_ms: number;
};

export type SocketLike = Pick<WebSocket, "send" | "close" | "readyState"> & {
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
};

/** What the connection needs from the world; tests hand in their own. */
export type World = {
  connect: (url: string) => SocketLike;
  /** Calls `tick` at every heartbeat; returns what stops it. */
  heartbeat: (tick: () => void) => () => void;
  now_ms: () => number;
  later: (act: () => void, delay_ms: number) => () => void;
  /** In [0, 1): spreads reconnects so that a restarted server is not stormed. */
  random: () => number;
};

/** First and longest wait before connecting again, milliseconds. */
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 10_000;

/** Without a word from the server for this long, a connection is dead: two heartbeats and a bit. */
const SILENCE_MAX_MS = 12_000;

const OPEN = 1;

export type RtcMessage = Extract<LiveFromServer, { type: "rtc.answer" | "rtc.ended" }>;

export class LiveSocket {
  #world: World;
  #url: string;
  #socket: SocketLike | null = null;
  #seq: number | null = null;
  #failures = 0;
  #stopped = true;
  #cancelRetry: (() => void) | null = null;
  #stopHeartbeat: (() => void) | null = null;
  #listeners = new Set<() => void>();
  #rtcListeners = new Set<(message: RtcMessage) => void>();
  #lostListeners = new Set<() => void>();
  #snapshotListeners = new Set<(snapshot: Snapshot, me: Me) => void>();
  #eventListeners = new Set<(event: LiveEvent) => void>();
  #state: LiveState = {
    connection: "connecting",
    known: false,
    snapshot: EMPTY_SNAPSHOT,
    me: null,
    offset_ms: 0,
    heard_at_ms: 0,
  };

  constructor(url: string, world: World) {
    this.#url = url;
    this.#world = world;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): LiveState => this.#state;

  /** Answers and endings of media legs. */
  onRtc(listener: (message: RtcMessage) => void): () => void {
    this.#rtcListeners.add(listener);
    return () => this.#rtcListeners.delete(listener);
  }

  /** Each time the connection is lost or cannot be made: perhaps the session is over. */
  onLost(listener: () => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  /** Each fresh snapshot, not each event. */
  onSnapshot(listener: (snapshot: Snapshot, me: Me) => void): () => void {
    this.#snapshotListeners.add(listener);
    return () => this.#snapshotListeners.delete(listener);
  }

  /** Each event, after it was applied. */
  onEvent(listener: (event: LiveEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#stopHeartbeat = this.#world.heartbeat(() => this.#beat());
    this.#open();
  }

  /** Closes for good: the server learns at once that this desk is gone. */
  stop(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#stopHeartbeat?.();
    this.#drop();
    this.#set({ connection: "connecting", known: false, snapshot: EMPTY_SNAPSHOT, me: null });
  }

  /** False when the message could not be handed to an open connection. */
  send(message: LiveFromDesk): boolean {
    if (this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #open(): void {
    this.#seq = null;
    const socket = this.#world.connect(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#heard();
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => this.#closed();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #closed(): void {
    this.#drop();
    if (this.#stopped) return;
    this.#set({ connection: this.#state.known ? "lost" : "connecting" });
    const ceiling = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancelRetry = this.#world.later(() => this.#open(), ceiling * (0.5 + this.#world.random() / 2));
    for (const listener of this.#lostListeners) listener();
  }

  #beat(): void {
    if (!this.#socket || this.#socket.readyState !== OPEN) return;
    if (this.#world.now_ms() - this.#state.heard_at_ms > SILENCE_MAX_MS) {
      this.#closed();
      return;
    }
    this.send({ type: "heartbeat" });
  }

  #heard(): void {
    this.#state = { ...this.#state, heard_at_ms: this.#world.now_ms() };
  }

  #receive(data: unknown): void {
    const message = parse(data);
    if (!message) return;
    this.#heard();
    switch (message.type) {
      case "snapshot":
        this.#failures = 0;
        this.#seq = message.seq;
        this.#set({
          connection: "open",
          known: true,
          snapshot: message.state,
          me: message.me,
          offset_ms: Date.parse(message.server_time) - this.#world.now_ms(),
        });
        for (const listener of this.#snapshotListeners) listener(message.state, message.me);
        return;
      case "event":
        this.#event(message);
        return;
      case "rtc.answer":
      case "rtc.ended":
        for (const listener of this.#rtcListeners) listener(message);
        return;
      case "pong":
        return;
    }
  }

  #event(message: Extract<LiveFromServer, { type: "event" }>): void {
    if (this.#seq === null) return;
    if (message.seq !== this.#seq + 1) {
      this.#seq = null;
      this.send({ type: "resync" });
      return;
    }
    this.#seq = message.seq;
    this.#set({ snapshot: apply(this.#state.snapshot, message.event) });
    for (const listener of this.#eventListeners) listener(message.event);
  }

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** A message this desk understands; an unknown or broken one is passed over, as a newer server may say more. */
function parse(data: unknown): LiveFromServer | null {
  if (typeof data !== "string") return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null && "type" in value ? (value as LiveFromServer) : null;
  } catch {
    return null;
  }
}
