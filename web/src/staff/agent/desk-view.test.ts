import { describe, expect, it } from "vitest";
import type { ContactView, OfferView, Snapshot } from "../../api/types.ts";
import type { EngineState } from "../../call/engine.ts";
import { EMPTY_SNAPSHOT } from "../../live/apply.ts";
import { deskView } from "./desk-view.ts";

const QUIET: EngineState = { call: "idle", offer: null, contact: null, leg: null, muted: false, problem: null };

function contact(change: Partial<ContactView> = {}): ContactView {
  return {
    id: "ct_1",
    agent: "st_1",
    wallet: "jinqiao",
    line: "8000",
    channel: "voice",
    caller: "+86 ****0001",
    caller_id: "none",
    path: [],
    legs: [],
    factors: ["sms_code"],
    queue: "q",
    priority: 5,
    level: "A1",
    customer: { number: "", risk: [], operations: [] },
    queued_at: "2026-05-06T10:00:00.000Z",
    leads: true,
    parties: [],
    ...change,
  };
}

const offer: OfferView = { id: "of_1", agent: "st_1", contact: contact(), expires_at: "2026-05-06T10:00:20.000Z" };
const with_ = (change: Partial<Snapshot>): Snapshot => ({ ...EMPTY_SNAPSHOT, ...change });

describe("the desk's view", () => {
  it("is idle without an offer or contact of one's own", () => {
    const others = with_({
      offers: { of_2: { ...offer, id: "of_2", agent: "st_2" } },
      contacts: { ct_2: contact({ id: "ct_2", agent: "st_2" }) },
    });
    expect(deskView(others, "st_1", QUIET)).toMatchObject({ mode: "idle", offer: null, contact: null });
  });

  it("rings for one's own offer", () => {
    expect(deskView(with_({ offers: { of_1: offer } }), "st_1", QUIET)).toMatchObject({ mode: "ringing", offer });
  });

  it("is in a call while the contact has not ended, on the phone when this browser has no audio", () => {
    const snapshot = with_({ contacts: { ct_1: contact({ voice: "phone" }) } });
    expect(deskView(snapshot, "st_1", QUIET)).toMatchObject({ mode: "call", isOnPhone: true, isAudioLost: false });
    const talking: EngineState = { ...QUIET, call: "talking", contact: "ct_1" };
    expect(deskView(snapshot, "st_1", talking)).toMatchObject({ mode: "call", isOnPhone: false });
  });

  it("has lost the audio when it should be in this browser and is not", () => {
    for (const voice of ["lost", "desk"] as const) {
      const snapshot = with_({ contacts: { ct_1: contact({ voice }) } });
      expect(deskView(snapshot, "st_1", QUIET)).toMatchObject({ mode: "call", isOnPhone: false, isAudioLost: true });
      const talking: EngineState = { ...QUIET, call: "talking", contact: "ct_1" };
      expect(deskView(snapshot, "st_1", talking).isAudioLost).toBe(false);
    }
  });

  it("is in wrap-up once it ended, and prefers a running call to an old one", () => {
    const ended = contact({ id: "ct_0", ended_at: "2026-05-06T10:05:00.000Z" });
    expect(deskView(with_({ contacts: { ct_0: ended } }), "st_1", QUIET).mode).toBe("wrap_up");
    const both = with_({ contacts: { ct_0: ended, ct_1: contact() } });
    expect(deskView(both, "st_1", QUIET)).toMatchObject({ mode: "call", contact: { id: "ct_1" } });
  });

  it("is already in the call between acceptance and its event", () => {
    const accepted: EngineState = { ...QUIET, call: "connecting", contact: "ct_1", leg: "lg_1" };
    expect(deskView(EMPTY_SNAPSHOT, "st_1", accepted)).toMatchObject({ mode: "call", contact: null });
  });
});
