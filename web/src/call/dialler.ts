// A customer's phone in the browser: dials over a WebSocket, sends keys as RFC 4733 events, hangs up. Used by the public
// pages and by the demo phone, which differ in what they dial. It imports no UI.

import type { DialEnd, DialFromServer } from "../api/types.ts";
import { MicrophoneError, type MicrophoneState } from "./devices.ts";
import type { Levels, Peer } from "./peer.ts";

export type DiallerCall = "idle" | "microphone" | "calling" | "talking" | "silent";
export type DiallerEnd = DialEnd | "lost" | { microphone: MicrophoneState };

export type DiallerState = {
  call: DiallerCall;
  muted: boolean;
  /** When the far side answered, in this computer's milliseconds. */
  since_ms: number | null;
  /** The keys sent in this call. */
  keys: string;
  /** Why the last call ended. */
  end: DiallerEnd | null;
};

export type SocketLike = Pick<WebSocket, "send" | "close" | "readyState"> & {
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
};

/** `To` is what is dialled. */
export type DiallerWorld<To> = {
  microphone: () => Promise<MediaStream>;
  peer: (microphone: MediaStream, iceServers: RTCIceServer[]) => Peer;
  iceServers: () => Promise<RTCIceServer[]>;
  connect: (to: To) => SocketLike;
  /** The first message on the connection. */
  order: (to: To, sdp: string) => object;
  now_ms: () => number;
};

/** Before each try to come back to a call whose connection was lost, milliseconds; the server waits for twenty seconds. */
const RETURN_AFTER_MS = [0, 500, 1_000, 2_000, 4_000, 5_000, 5_000];

const OPEN = 1;

const IDLE: DiallerState = { call: "idle", muted: false, since_ms: null, keys: "", end: null };

export class Dialler<To> {
  #world: DiallerWorld<To>;
  #state: DiallerState = IDLE;
  #listeners = new Set<() => void>();
  #audio: HTMLAudioElement | null = null;
  #peer: Peer | null = null;
  #socket: SocketLike | null = null;
  /** What to show when the connection is lost; null before there is a call to come back to. */
  #ticket: string | null = null;
  #returns = 0;
  /** Counts calls, so that what an earlier call still awaited cannot touch a later one. */
  #turn = 0;

  constructor(world: DiallerWorld<To>) {
    this.#world = world;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): DiallerState => this.#state;

  levels(): Levels {
    return this.#peer?.levels() ?? { rx: 0, tx: 0 };
  }

  attach(audio: HTMLAudioElement | null): void {
    this.#audio = audio;
    this.#play();
  }

  async dial(to: To): Promise<void> {
    if (this.#state.call !== "idle") return;
    this.#turn += 1;
    const turn = this.#turn;
    this.#set({ ...IDLE, call: "microphone" });
    try {
      const servers = this.#world.iceServers();
      const microphone = await this.#world.microphone();
      const iceServers = await servers;
      if (turn !== this.#turn) {
        for (const track of microphone.getTracks()) track.stop();
        return;
      }
      const peer = this.#world.peer(microphone, iceServers);
      this.#peer = peer;
      this.#play();
      peer.onMedia((up) => {
        if (turn === this.#turn) this.#media(up);
      });
      peer.onRestart((sdp) => {
        if (turn === this.#turn) this.#say({ type: "restart", sdp });
      });
      this.#set({ ...this.#state, call: "calling" });
      const sdp = await peer.offer();
      if (turn === this.#turn) this.#connect(turn, to, this.#world.order(to, sdp));
    } catch (error) {
      if (turn === this.#turn) this.#over(error instanceof MicrophoneError ? { microphone: error.state } : "failed");
    }
  }

  hangUp(): void {
    if (this.#state.call === "idle") return;
    this.#say({ type: "hangup" });
    this.#over("hung_up");
  }

  key(digit: string): boolean {
    if (!this.#peer?.key(digit)) return false;
    this.#set({ ...this.#state, keys: this.#state.keys + digit });
    return true;
  }

  mute(muted: boolean): void {
    if (!this.#peer) return;
    this.#peer.mute(muted);
    this.#set({ ...this.#state, muted });
  }

  #connect(turn: number, to: To, first: object): void {
    const socket = this.#world.connect(to);
    this.#socket = socket;
    socket.onopen = () => this.#say(first);
    socket.onclose = () => {
      if (turn === this.#turn) this.#comeBack(turn, to);
    };
    socket.onmessage = ({ data }) => {
      if (turn === this.#turn && typeof data === "string") this.#hear(JSON.parse(data) as DialFromServer);
    };
  }

  /** The connection breaks with the network it ran over; the audio finds another way by itself. */
  #comeBack(turn: number, to: To): void {
    const after = RETURN_AFTER_MS[this.#returns];
    const ticket = this.#ticket;
    if (ticket === null || after === undefined) {
      this.#over("lost");
      return;
    }
    this.#returns += 1;
    setTimeout(() => {
      if (turn === this.#turn) this.#connect(turn, to, { type: "return", ticket });
    }, after);
  }

  #hear(message: DialFromServer): void {
    if (message.type === "ended") {
      this.#over(message.cause);
      return;
    }
    if (message.type === "returned") {
      this.#returns = 0;
      return;
    }
    const turn = this.#turn;
    this.#ticket = message.ticket ?? this.#ticket;
    // A later answer is that to a restart: the call goes on.
    if (this.#state.since_ms === null) this.#set({ ...this.#state, since_ms: this.#world.now_ms() });
    this.#peer?.answer(message.sdp).catch(() => {
      if (turn === this.#turn) this.#over("failed");
    });
  }

  #media(up: boolean): void {
    if (this.#state.since_ms !== null) this.#set({ ...this.#state, call: up ? "talking" : "silent" });
  }

  #over(end: DiallerEnd): void {
    this.#turn += 1;
    this.#ticket = null;
    this.#returns = 0;
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onclose = null;
      socket.onmessage = null;
      socket.close();
    }
    this.#peer?.close();
    this.#peer = null;
    if (this.#audio) this.#audio.srcObject = null;
    this.#set({ ...IDLE, end });
  }

  /** Lost while there is no connection: a restart is offered again until it is answered. */
  #say(message: object): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  #play(): void {
    if (!this.#audio) return;
    this.#audio.srcObject = this.#peer?.remote ?? null;
    if (this.#peer) void this.#audio.play().catch(() => undefined);
  }

  #set(state: DiallerState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
