import { describe, expect, it } from "vitest";
import { type CallEvent, type CallState, isBusy, next } from "./machine.ts";

const STATES: CallState[] = ["idle", "preparing", "accepting", "connecting", "talking", "silent"];
const EVENTS: CallEvent[] = [
  "answer",
  "microphone_ready",
  "microphone_failed",
  "accepted",
  "refused",
  "media_up",
  "media_down",
  "ended",
];

describe("the call machine", () => {
  it.each<[CallState, CallEvent, CallState]>([
    ["idle", "answer", "preparing"],
    ["preparing", "microphone_ready", "accepting"],
    ["preparing", "microphone_failed", "idle"],
    ["preparing", "ended", "idle"],
    ["accepting", "accepted", "connecting"],
    ["accepting", "refused", "idle"],
    ["accepting", "ended", "idle"],
    ["connecting", "media_up", "talking"],
    ["connecting", "media_down", "silent"],
    ["connecting", "ended", "idle"],
    ["talking", "media_down", "silent"],
    ["talking", "ended", "idle"],
    ["silent", "media_up", "talking"],
    ["silent", "ended", "idle"],
  ])("%s, %s: %s", (state, event, after) => {
    expect(next(state, event)).toBe(after);
  });

  it("refuses everything else", () => {
    const allowed = STATES.flatMap((state) => EVENTS.filter((event) => next(state, event) !== null));
    expect(allowed).toHaveLength(14);
    expect(next("idle", "accepted")).toBeNull();
    expect(next("talking", "answer")).toBeNull();
  });

  it("has a way out of every state, and guards every one but idle against leaving the page", () => {
    for (const state of STATES) {
      expect(isBusy(state)).toBe(state !== "idle");
      if (state !== "idle") expect(next(state, "ended")).toBe("idle");
    }
  });
});
