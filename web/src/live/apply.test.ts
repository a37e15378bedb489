import { describe, expect, it } from "vitest";
import type { LiveEvent, Snapshot } from "../api/types.ts";
import { apply, EMPTY_SNAPSHOT } from "./apply.ts";
import recording from "./fixtures/agent-day.json";

/**
 * What one desk received from the real server while an agent logged in, took one call, finished it and declined another;
 * `fresh` is what a second connection was shown at that moment.
 */
type Line = { snapshot: Snapshot } | { event: LiveEvent } | { fresh: Snapshot; name: string };
const LINES = recording as unknown as Line[];

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}

describe("old snapshot + events = fresh snapshot", () => {
  const points = LINES.flatMap((line, at) => {
    if ("fresh" in line) return [{ at, name: line.name, state: line.fresh }];
    if ("snapshot" in line) return [{ at, name: "opened", state: line.snapshot }];
    return [];
  });

  it("has something to say", () => {
    const kinds = new Set(LINES.flatMap((line) => ("event" in line ? [line.event.kind] : [])));
    expect([...kinds].sort()).toEqual([
      "agent_changed",
      "contact_changed",
      "contact_gone",
      "offer_ended",
      "offer_made",
      "queue_changed",
    ]);
    expect(points.length).toBeGreaterThan(10);
  });

  it("holds from every moment of the recording to every later one", () => {
    for (const from of points) {
      let state = freeze(from.state);
      for (const [offset, line] of LINES.slice(from.at + 1).entries()) {
        if ("event" in line) state = freeze(apply(state, line.event));
        if ("fresh" in line) expect(state, `from ${from.name} to ${line.name} (${offset})`).toEqual(line.fresh);
      }
    }
  });

  it("keeps the calls of a supervisor's agents", () => {
    const call = {
      id: "ct_1",
      wallet: "jinqiao",
      queue: "jinqiao-general",
      lead: "st_1",
      parties: [{ agent: "st_1", number: "1024", part: "speaks" as const }],
    };
    const one = apply(EMPTY_SNAPSHOT, { kind: "call_changed", call });
    const held = apply(one, { kind: "call_changed", call: { ...call, held_at: "2026-05-06T10:01:00.000Z" } });
    expect(held.calls).toEqual({ ct_1: { ...call, held_at: "2026-05-06T10:01:00.000Z" } });
    expect(apply(held, { kind: "call_gone", contact: "ct_1" })).toEqual(EMPTY_SNAPSHOT);
  });

  it("passes over a kind of event it does not know", () => {
    expect(apply(EMPTY_SNAPSHOT, { kind: "weather_changed" } as unknown as LiveEvent)).toBe(EMPTY_SNAPSHOT);
  });
});
