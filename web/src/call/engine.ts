// The desk's calls: from "answer" to silence. A module singleton with one <audio> in a shell that never unmounts, so
// that no screen can end a call by changing. It imports no UI; screens read `state()` and call the verbs.

import type { Accepted, MonitorMode } from "../api/types.ts";
import { MicrophoneError, type MicrophoneState } from "./devices.ts";
import { type CallEvent, type CallState, next } from "./machine.ts";
import type { Levels, Peer } from "./peer.ts";

export type EngineState = {
  call: CallState;
  /** The offer being answered, then the contact on the line. */
  offer: string | null;
  contact: string | null;
  leg: string | null;
  muted: boolean;
  /** Why the last attempt failed; cleared by the next. */
  problem: CallProblem | null;
};

export type CallProblem =
  | { kind: "microphone"; state: MicrophoneState }
  | { kind: "refused"; error: unknown }
  | { kind: "no_answer" };

/** What a supervisor comes onto a call for. */
export type Watch = MonitorMode | "take_over";

export type EngineWorld = {
  microphone: () => Promise<MediaStream>;
  peer: (microphone: MediaStream, iceServers: RTCIceServer[]) => Peer;
  iceServers: () => Promise<RTCIceServer[]>;
  accept: (offer: string) => Promise<Accepted>;
  /** Takes a call up again that lost its audio. */
  reconnect: (contact: string) => Promise<Accepted>;
  /** Comes onto another agent's call. */
  watch: (contact: string, mode: Watch) => Promise<Accepted>;
  /** False when there is no connection to hand it to. */
  sendOffer: (leg: string, sdp: string) => boolean;
};

/** How long the server may take to answer our media offer, milliseconds. */
const ANSWER_MAX_MS = 10_000;

const IDLE: EngineState = { call: "idle", offer: null, contact: null, leg: null, muted: false, problem: null };

type Prepared = { peer: Peer; sdp: Promise<string> };

export class CallEngine {
  #world: EngineWorld;
  #state: EngineState = IDLE;
  #listeners = new Set<() => void>();
  #audio: HTMLAudioElement | null = null;
  #prepared: Promise<Prepared> | null = null;
  #peer: Peer | null = null;
  #answerTimer: ReturnType<typeof setTimeout> | null = null;
  /** Counts calls, so that what an earlier call still awaited cannot touch a later one. */
  #turn = 0;

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): EngineState => this.#state;

  levels(): Levels {
    return this.#peer?.levels() ?? { rx: 0, tx: 0 };
  }

  /** The element through which the caller is heard. */
  attach(audio: HTMLAudioElement | null): void {
    this.#audio = audio;
    this.#play();
  }

  /** Opens microphone and connection while it still rings; call it only when permission was given before. */
  prepare(): void {
    this.#prepared ??= this.#open();
    // A failure is told when the call is answered, not while it rings.
    this.#prepared.catch(() => undefined);
  }

  /** Lets go of what `prepare` opened: the offer went elsewhere. */
  discard(): void {
    if (this.#state.call !== "idle") return;
    const prepared = this.#prepared;
    this.#prepared = null;
    prepared?.then(({ peer }) => peer.close()).catch(() => undefined);
  }

  /** Answers `offer`. The microphone comes first: a caller is never taken from the queue into silence. */
  answer(offer: string): Promise<void> {
    return this.#connect({ ...IDLE, offer }, () => this.#world.accept(offer));
  }

  /** Takes up a call of this agent's again: after a reload, or when its audio was lost. */
  resume(contact: string): Promise<void> {
    return this.#connect({ ...IDLE, contact }, () => this.#world.reconnect(contact));
  }

  /** Comes onto another agent's call. */
  watch(contact: string, mode: Watch): Promise<void> {
    return this.#connect({ ...IDLE, contact }, () => this.#world.watch(contact, mode));
  }

  async #connect(begun: EngineState, accept: () => Promise<Accepted>): Promise<void> {
    if (!this.#step("answer", begun)) return;
    this.#turn += 1;
    const turn = this.#turn;
    const current = () => turn === this.#turn;

    let prepared: Prepared;
    try {
      this.prepare();
      prepared = await (this.#prepared as Promise<Prepared>);
    } catch (error) {
      this.#prepared = null;
      const state = error instanceof MicrophoneError ? error.state : "missing";
      if (current()) this.#step("microphone_failed", { ...IDLE, problem: { kind: "microphone", state } });
      return;
    }
    this.#prepared = null;
    if (!current()) {
      prepared.peer.close();
      return;
    }
    this.#peer = prepared.peer;
    this.#step("microphone_ready");

    let accepted: Accepted;
    try {
      accepted = await accept();
    } catch (error) {
      if (current()) this.#over("refused", { kind: "refused", error });
      return;
    }
    if (!current()) return;
    this.#step("accepted", { contact: accepted.contact, leg: accepted.leg });
    prepared.peer.onMedia((up) => {
      if (current()) this.#step(up ? "media_up" : "media_down", { problem: null });
    });
    prepared.peer.onRestart((sdp) => {
      // Without a connection to hand it to, the next one is a moment away.
      if (current()) this.#world.sendOffer(accepted.leg, sdp);
    });
    this.#play();
    const sdp = await prepared.sdp.catch(() => "");
    if (!current()) return;
    this.#answerTimer = setTimeout(() => this.#unanswered(), ANSWER_MAX_MS);
    if (sdp === "" || !this.#world.sendOffer(accepted.leg, sdp)) this.#unanswered();
  }

  /** The server's answer to our media offer. */
  async answered(leg: string, sdp: string): Promise<void> {
    if (leg !== this.#state.leg || !this.#peer) return;
    this.#clearTimer();
    const turn = this.#turn;
    try {
      await this.#peer.answer(sdp);
    } catch {
      if (turn === this.#turn) this.#unanswered();
    }
  }

  /** The leg is over on the server's side. */
  legEnded(leg: string): void {
    if (leg === this.#state.leg) this.#over("ended", null);
  }

  /** The contact is over, or no longer this agent's. */
  contactEnded(contact: string): void {
    if (contact === this.#state.contact) this.#over("ended", null);
  }

  /** Lets go of any call at once: this tab lost the desk. */
  abandon(): void {
    this.#over("ended", null);
    this.discard();
  }

  mute(muted: boolean): void {
    if (!this.#peer) return;
    this.#peer.mute(muted);
    this.#set({ ...this.#state, muted });
  }

  #open(): Promise<Prepared> {
    const servers = this.#world.iceServers();
    return this.#world.microphone().then(async (microphone) => {
      const peer = this.#world.peer(microphone, await servers);
      const sdp = peer.offer();
      sdp.catch(() => undefined);
      return { peer, sdp };
    });
  }

  #unanswered(): void {
    this.#clearTimer();
    this.#step("media_down", { problem: { kind: "no_answer" } });
  }

  #over(event: CallEvent, problem: CallProblem | null): void {
    if (!this.#step(event, { ...IDLE, problem })) return;
    this.#turn += 1;
    this.#clearTimer();
    this.#peer?.close();
    this.#peer = null;
    if (this.#audio) this.#audio.srcObject = null;
  }

  #play(): void {
    if (!this.#audio) return;
    this.#audio.srcObject = this.#peer?.remote ?? null;
    if (this.#peer) void this.#audio.play().catch(() => undefined);
  }

  #clearTimer(): void {
    if (this.#answerTimer !== null) clearTimeout(this.#answerTimer);
    this.#answerTimer = null;
  }

  #step(event: CallEvent, change: Partial<EngineState> = {}): boolean {
    const call = next(this.#state.call, event);
    if (call === null) return false;
    this.#set({ ...this.#state, ...change, call });
    return true;
  }

  #set(state: EngineState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
