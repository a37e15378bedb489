import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api/problem.ts";
import type { Accepted } from "../api/types.ts";
import { MicrophoneError } from "./devices.ts";
import { CallEngine } from "./engine.ts";
import type { Peer } from "./peer.ts";

class FakePeer implements Peer {
  remote = {} as MediaStream;
  closed = false;
  muted = false;
  answers: string[] = [];
  media: (up: boolean) => void = () => undefined;
  offer = async () => "offer sdp";
  answer = async (sdp: string) => {
    this.answers.push(sdp);
  };
  mute = (muted: boolean) => {
    this.muted = muted;
  };
  key = () => true;
  levels = () => ({ rx: 40, tx: 20 });
  onMedia = (listener: (up: boolean) => void) => {
    this.media = listener;
  };
  restart: (sdp: string) => void = () => undefined;
  onRestart = (listener: (sdp: string) => void) => {
    this.restart = listener;
  };
  close = () => {
    this.closed = true;
  };
}

function world() {
  const peers: FakePeer[] = [];
  const sent: [string, string][] = [];
  const parts = {
    microphone: vi.fn(async () => ({}) as MediaStream),
    peer: vi.fn(() => {
      const peer = new FakePeer();
      peers.push(peer);
      return peer;
    }),
    iceServers: async () => [{ urls: ["stun:stun.example.org"] }],
    accept: vi.fn(async (): Promise<Accepted> => ({ contact: "ct_1", leg: "lg_1" })),
    reconnect: vi.fn(async (contact: string): Promise<Accepted> => ({ contact, leg: "lg_2" })),
    watch: vi.fn(async (contact: string): Promise<Accepted> => ({ contact, leg: "lg_3" })),
    sendOffer: vi.fn((leg: string, sdp: string) => {
      sent.push([leg, sdp]);
      return true;
    }),
  };
  return { engine: new CallEngine(parts), parts, peers, sent };
}

describe("the call engine", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));

  it("offers anew when the network under a call changes", async () => {
    const { engine, peers, parts, sent } = world();
    await engine.answer("of_1");
    expect(parts.peer).toHaveBeenCalledWith(expect.anything(), [{ urls: ["stun:stun.example.org"] }]);
    await engine.answered("lg_1", "answer sdp");
    peers[0]?.media(true);
    peers[0]?.media(false);
    peers[0]?.restart("second offer");
    expect(sent.at(-1)).toEqual(["lg_1", "second offer"]);
    await engine.answered("lg_1", "second answer");
    expect(peers[0]?.answers).toEqual(["answer sdp", "second answer"]);
    peers[0]?.media(true);
    expect(engine.state().call).toBe("talking");
    engine.legEnded("lg_1");
    peers[0]?.restart("too late");
    expect(sent).toHaveLength(2);
  });

  it("goes from answer to talking and back", async () => {
    const { engine, peers, sent } = world();
    await engine.answer("of_1");
    expect(engine.state()).toMatchObject({ call: "connecting", offer: "of_1", contact: "ct_1", leg: "lg_1" });
    expect(sent).toEqual([["lg_1", "offer sdp"]]);
    await engine.answered("lg_1", "answer sdp");
    expect(peers[0]?.answers).toEqual(["answer sdp"]);
    peers[0]?.media(true);
    expect(engine.state().call).toBe("talking");
    expect(engine.levels()).toEqual({ rx: 40, tx: 20 });
    engine.mute(true);
    expect(peers[0]?.muted).toBe(true);
    engine.legEnded("lg_1");
    expect(engine.state()).toMatchObject({ call: "idle", contact: null, muted: false });
    expect(peers[0]?.closed).toBe(true);
    expect(engine.levels()).toEqual({ rx: 0, tx: 0 });
  });

  it("takes a call up again on a new leg", async () => {
    const { engine, parts, peers, sent } = world();
    await engine.resume("ct_1");
    expect(parts.reconnect).toHaveBeenCalledWith("ct_1");
    expect(engine.state()).toMatchObject({ call: "connecting", offer: null, contact: "ct_1", leg: "lg_2" });
    expect(sent).toEqual([["lg_2", "offer sdp"]]);
    peers[0]?.media(true);
    expect(engine.state().call).toBe("talking");
  });

  it("comes onto another agent's call", async () => {
    const { engine, parts, sent } = world();
    await engine.watch("ct_1", "whisper");
    expect(parts.watch).toHaveBeenCalledWith("ct_1", "whisper");
    expect(sent).toEqual([["lg_3", "offer sdp"]]);
  });

  it("never takes the caller from the queue without a microphone", async () => {
    const { engine, parts } = world();
    parts.microphone.mockRejectedValueOnce(new MicrophoneError("denied"));
    await engine.answer("of_1");
    expect(engine.state()).toMatchObject({ call: "idle", problem: { kind: "microphone", state: "denied" } });
    expect(parts.accept).not.toHaveBeenCalled();
    await engine.answer("of_1");
    expect(engine.state()).toMatchObject({ call: "connecting", problem: null });
  });

  it("lets go of the microphone when the offer is refused", async () => {
    const { engine, parts, peers } = world();
    const refusal = new Problem("offer-over", 409);
    parts.accept.mockRejectedValueOnce(refusal);
    await engine.answer("of_1");
    expect(engine.state()).toMatchObject({ call: "idle", problem: { kind: "refused", error: refusal } });
    expect(peers[0]?.closed).toBe(true);
  });

  it("uses what it prepared while it rang, once", async () => {
    const { engine, parts } = world();
    engine.prepare();
    engine.prepare();
    await engine.answer("of_1");
    expect(parts.microphone).toHaveBeenCalledTimes(1);
  });

  it("closes what it prepared when the offer goes elsewhere, but not a call going on", async () => {
    const { engine, peers } = world();
    engine.prepare();
    engine.discard();
    await vi.waitFor(() => expect(peers[0]?.closed).toBe(true));
    await engine.answer("of_2");
    engine.discard();
    expect(peers[1]?.closed).toBe(false);
  });

  it("says so when the server never answers the media offer, and recovers if audio comes after all", async () => {
    const { engine, peers } = world();
    await engine.answer("of_1");
    vi.advanceTimersByTime(10_000);
    expect(engine.state()).toMatchObject({ call: "silent", problem: { kind: "no_answer" } });
    await engine.answered("lg_1", "answer sdp");
    peers[0]?.media(true);
    expect(engine.state()).toMatchObject({ call: "talking", problem: null });
  });

  it("ignores answers and endings of other legs and contacts", async () => {
    const { engine, peers } = world();
    await engine.answer("of_1");
    await engine.answered("lg_9", "answer sdp");
    engine.legEnded("lg_9");
    engine.contactEnded("ct_9");
    expect(engine.state().call).toBe("connecting");
    expect(peers[0]?.answers).toEqual([]);
    engine.contactEnded("ct_1");
    expect(engine.state().call).toBe("idle");
  });

  it("drops a late microphone when the tab lost the desk meanwhile", async () => {
    const { engine, parts, peers } = world();
    let give: (stream: MediaStream) => void = () => undefined;
    parts.microphone.mockReturnValueOnce(new Promise((resolve) => (give = resolve)));
    const answering = engine.answer("of_1");
    engine.abandon();
    give({} as MediaStream);
    await answering;
    expect(engine.state().call).toBe("idle");
    expect(parts.accept).not.toHaveBeenCalled();
    expect(peers[0]?.closed).toBe(true);
  });
});
