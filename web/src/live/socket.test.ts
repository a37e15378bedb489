import { describe, expect, it } from "vitest";
import type { LiveEvent, LiveFromServer, Me, Snapshot } from "../api/types.ts";
import { EMPTY_SNAPSHOT } from "./apply.ts";
import { LiveSocket, type SocketLike } from "./socket.ts";

class FakeSocket implements SocketLike {
  readyState: WebSocket["readyState"] = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  sent: unknown[] = [];
  closed = false;

  send(text: string) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  say(message: LiveFromServer) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const ME: Me = {
  id: "st_1",
  user: "agent1",
  number: "1001",
  role: "agent",
  languages: ["zh-CN"],
  skills: [],
  teams: [],
  second_factor: false,
  authenticator: false,
  passkey: false,
  second_factor_required: false,
};

const queued = (waiting: number): LiveEvent => ({ kind: "queue_changed", queue: { id: "q", waiting } });

function world() {
  const sockets: FakeSocket[] = [];
  const retries: { act: () => void; delay_ms: number }[] = [];
  let beat: () => void = () => undefined;
  const clock = { now_ms: 1_000_000 };
  const live = new LiveSocket("ws://test", {
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    heartbeat: (tick) => {
      beat = tick;
      return () => {
        beat = () => undefined;
      };
    },
    now_ms: () => clock.now_ms,
    later: (act, delay_ms) => {
      retries.push({ act, delay_ms });
      return () => undefined;
    },
    random: () => 0,
  });
  const last = () => sockets[sockets.length - 1] as FakeSocket;
  const snapshot = (seq: number, state: Snapshot = EMPTY_SNAPSHOT) =>
    last().say({ type: "snapshot", seq, state, me: ME, server_time: new Date(clock.now_ms + 5_000).toISOString() });
  return { live, sockets, retries, clock, last, snapshot, beat: () => beat() };
}

describe("the live connection", () => {
  it("shows the snapshot, then applies events in order", () => {
    const { live, last, snapshot } = world();
    live.start();
    last().open();
    expect(live.state().connection).toBe("connecting");
    snapshot(7);
    expect(live.state()).toMatchObject({ connection: "open", known: true, me: ME, offset_ms: 5_000 });
    last().say({ type: "event", seq: 8, event: queued(1) });
    last().say({ type: "event", seq: 9, event: queued(2) });
    expect(live.state().snapshot.queues.q?.waiting).toBe(2);
    expect(last().sent).toEqual([]);
  });

  it("asks for a fresh snapshot at a gap and ignores events until it comes", () => {
    const { live, last, snapshot } = world();
    live.start();
    last().open();
    snapshot(1);
    last().say({ type: "event", seq: 3, event: queued(3) });
    last().say({ type: "event", seq: 4, event: queued(4) });
    expect(last().sent).toEqual([{ type: "resync" }]);
    expect(live.state().snapshot.queues).toEqual({});
    snapshot(5, { ...EMPTY_SNAPSHOT, queues: { q: { id: "q", waiting: 5 } } });
    last().say({ type: "event", seq: 6, event: queued(6) });
    expect(live.state().snapshot.queues.q?.waiting).toBe(6);
    expect(last().sent).toHaveLength(1);
  });

  it("treats a repeated event as a gap too", () => {
    const { live, last, snapshot } = world();
    live.start();
    last().open();
    snapshot(1);
    last().say({ type: "event", seq: 2, event: queued(2) });
    last().say({ type: "event", seq: 2, event: queued(9) });
    expect(live.state().snapshot.queues.q?.waiting).toBe(2);
    expect(last().sent).toEqual([{ type: "resync" }]);
  });

  it("reconnects with growing waits, keeps the old screen meanwhile, and starts over after a success", () => {
    const { live, sockets, retries, last, snapshot } = world();
    live.start();
    last().open();
    snapshot(1, { ...EMPTY_SNAPSHOT, queues: { q: { id: "q", waiting: 5 } } });
    last().onclose?.();
    expect(live.state()).toMatchObject({ connection: "lost", snapshot: { queues: { q: { waiting: 5 } } } });
    for (let round = 0; round < 7; round += 1) {
      retries[round]?.act();
      last().onclose?.();
    }
    expect(retries.map((retry) => retry.delay_ms)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
    retries[7]?.act();
    last().open();
    snapshot(40);
    expect(live.state().connection).toBe("open");
    last().onclose?.();
    expect(retries[8]?.delay_ms).toBe(250);
    expect(sockets).toHaveLength(9);
  });

  it("sends heartbeats, and drops a connection that went silent", () => {
    const { live, last, snapshot, beat, clock, retries } = world();
    live.start();
    last().open();
    snapshot(1);
    clock.now_ms += 5_000;
    beat();
    expect(last().sent).toEqual([{ type: "heartbeat" }]);
    last().say({ type: "pong" });
    clock.now_ms += 12_000;
    beat();
    expect(last().closed).toBe(false);
    clock.now_ms += 1;
    beat();
    expect(last().closed).toBe(true);
    expect(live.state().connection).toBe("lost");
    expect(retries).toHaveLength(1);
  });

  it("hands media answers on, and refuses to send without a connection", () => {
    const { live, last, snapshot } = world();
    const heard: unknown[] = [];
    live.onRtc((message) => heard.push(message));
    live.start();
    expect(live.send({ type: "rtc.offer", leg: "lg_1", sdp: "v=0" })).toBe(false);
    last().open();
    snapshot(1);
    expect(live.send({ type: "rtc.offer", leg: "lg_1", sdp: "v=0" })).toBe(true);
    last().say({ type: "rtc.answer", leg: "lg_1", sdp: "v=0" });
    last().say({ type: "rtc.ended", leg: "lg_1" });
    expect(heard).toEqual([
      { type: "rtc.answer", leg: "lg_1", sdp: "v=0" },
      { type: "rtc.ended", leg: "lg_1" },
    ]);
  });

  it("passes over what it cannot read, and forgets everything when stopped", () => {
    const { live, last, snapshot, retries } = world();
    live.start();
    last().open();
    snapshot(1);
    last().onmessage?.({ data: "not json" });
    last().onmessage?.({ data: "null" });
    last().onmessage?.({ data: new ArrayBuffer(4) });
    expect(live.state().connection).toBe("open");
    const socket = last();
    live.stop();
    expect(socket.closed).toBe(true);
    expect(live.state()).toMatchObject({ known: false, me: null, snapshot: EMPTY_SNAPSHOT });
    expect(retries).toHaveLength(0);
  });
});
