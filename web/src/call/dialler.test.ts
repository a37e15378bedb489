import { describe, expect, it, vi } from "vitest";
import { MicrophoneError } from "./devices.ts";
import { Dialler, type SocketLike } from "./dialler.ts";
import type { Peer } from "./peer.ts";

type To = { line: string; msisdn: string };

function world() {
  const sent: unknown[] = [];
  const keys: string[] = [];
  let media: (up: boolean) => void = () => undefined;
  let restart: (sdp: string) => void = () => undefined;
  const peer: Peer = {
    remote: {} as MediaStream,
    offer: async () => "offer sdp",
    answer: vi.fn(async () => undefined),
    mute: vi.fn(),
    key: (digit) => {
      keys.push(digit);
      return true;
    },
    levels: () => ({ rx: 1, tx: 2 }),
    onMedia: (listener) => {
      media = listener;
    },
    onRestart: (listener) => {
      restart = listener;
    },
    close: vi.fn(),
  };
  const socket: SocketLike = {
    readyState: 1,
    onopen: null,
    onclose: null,
    onmessage: null,
    send: (text) => void sent.push(JSON.parse(String(text))),
    close: vi.fn(),
  };
  const parts = {
    microphone: vi.fn(async () => ({ getTracks: () => [] }) as unknown as MediaStream),
    peer: vi.fn(() => peer),
    iceServers: async () => [{ urls: ["stun:stun.example.org"] }],
    connect: () => socket,
    order: ({ line, msisdn }: To, sdp: string) => ({ type: "dial", line, msisdn, sdp }),
    now_ms: () => 42,
  };
  const say = (message: object) => socket.onmessage?.({ data: JSON.stringify(message) });
  return {
    dialler: new Dialler(parts),
    parts,
    peer,
    socket,
    sent,
    keys,
    say,
    media: (up: boolean) => media(up),
    restart: (sdp: string) => restart(sdp),
  };
}

describe("the dialler", () => {
  it("goes on over another network", async () => {
    const { dialler, parts, peer, socket, sent, say, media, restart } = world();
    await dialler.dial({ line: "8000", msisdn: "" });
    socket.onopen?.();
    say({ type: "answer", sdp: "answer sdp" });
    media(true);
    media(false);
    parts.now_ms = () => 99;
    restart("second offer");
    expect(sent.at(-1)).toEqual({ type: "restart", sdp: "second offer" });
    say({ type: "answer", sdp: "second answer" });
    expect(peer.answer).toHaveBeenLastCalledWith("second answer");
    media(true);
    expect(dialler.state()).toMatchObject({ call: "talking", since_ms: 42 });
    dialler.hangUp();
    restart("too late");
    expect(sent.at(-1)).toEqual({ type: "hangup" });
  });

  it("dials, talks, sends keys and hangs up", async () => {
    const { dialler, parts, peer, socket, sent, keys, say, media } = world();
    await dialler.dial({ line: "8000", msisdn: "+8619000000001" });
    expect(dialler.state().call).toBe("calling");
    socket.onopen?.();
    expect(sent).toEqual([{ type: "dial", line: "8000", msisdn: "+8619000000001", sdp: "offer sdp" }]);
    say({ type: "answer", sdp: "answer sdp" });
    expect(peer.answer).toHaveBeenCalledWith("answer sdp");
    media(true);
    expect(dialler.state()).toMatchObject({ call: "talking", since_ms: 42 });
    expect(parts.peer).toHaveBeenCalledWith(expect.anything(), [{ urls: ["stun:stun.example.org"] }]);
    dialler.key("1");
    dialler.key("#");
    expect(keys).toEqual(["1", "#"]);
    expect(dialler.state().keys).toBe("1#");
    dialler.hangUp();
    expect(sent[1]).toEqual({ type: "hangup" });
    expect(dialler.state()).toMatchObject({ call: "idle", end: "hung_up", keys: "" });
    expect(peer.close).toHaveBeenCalled();
    expect(socket.close).toHaveBeenCalled();
  });

  it("tells why the far side ended it", async () => {
    const { dialler, say } = world();
    await dialler.dial({ line: "9999", msisdn: "+8619000000001" });
    say({ type: "ended", cause: "unknown_line" });
    expect(dialler.state()).toMatchObject({ call: "idle", end: "unknown_line" });
  });

  it("tells when the connection is lost, and can dial again", async () => {
    const { dialler, socket } = world();
    await dialler.dial({ line: "8000", msisdn: "+8619000000001" });
    socket.onclose?.();
    expect(dialler.state()).toMatchObject({ call: "idle", end: "lost" });
    await dialler.dial({ line: "8000", msisdn: "+8619000000001" });
    expect(dialler.state()).toMatchObject({ call: "calling", end: null });
  });

  it("comes back to its call when the connection is lost", async () => {
    vi.useFakeTimers();
    try {
      const { dialler, parts, socket, sent, say, media } = world();
      const connect = vi.spyOn(parts, "connect");
      await dialler.dial({ line: "8000", msisdn: "" });
      say({ type: "answer", sdp: "answer sdp", ticket: "t1" });
      media(true);
      socket.onclose?.();
      await vi.advanceTimersByTimeAsync(0);
      socket.onopen?.();
      expect(sent.at(-1)).toEqual({ type: "return", ticket: "t1" });
      say({ type: "returned" });
      expect(dialler.state()).toMatchObject({ call: "talking", end: null });
      // And again, as often as it takes; a server that is gone for good ends it.
      for (let round = 0; round < 8; round += 1) {
        socket.onclose?.();
        await vi.advanceTimersByTimeAsync(5_000);
      }
      expect(connect).toHaveBeenCalledTimes(9);
      expect(dialler.state()).toMatchObject({ call: "idle", end: "lost" });
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not come back after it hung up", async () => {
    const { dialler, parts, socket, say } = world();
    const connect = vi.spyOn(parts, "connect");
    await dialler.dial({ line: "8000", msisdn: "" });
    say({ type: "answer", sdp: "answer sdp", ticket: "t1" });
    dialler.hangUp();
    socket.onclose?.();
    expect(connect).toHaveBeenCalledTimes(1);
  });

  it("tells what is wrong with the microphone", async () => {
    const { dialler, parts } = world();
    parts.microphone.mockRejectedValueOnce(new MicrophoneError("missing"));
    await dialler.dial({ line: "8000", msisdn: "+8619000000001" });
    expect(dialler.state().end).toEqual({ microphone: "missing" });
  });

  it("releases a microphone that opens after the caller gave up", async () => {
    const { dialler, parts } = world();
    const stop = vi.fn();
    let give: (stream: MediaStream) => void = () => undefined;
    parts.microphone.mockReturnValueOnce(new Promise((resolve) => (give = resolve)));
    const dialling = dialler.dial({ line: "8000", msisdn: "+8619000000001" });
    dialler.hangUp();
    give({ getTracks: () => [{ stop }] } as unknown as MediaStream);
    await dialling;
    expect(stop).toHaveBeenCalled();
    expect(dialler.state().call).toBe("idle");
  });
});
