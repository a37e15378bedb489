import { describe, expect, it } from "vitest";
import { loudness } from "./level.ts";

describe("loudness", () => {
  it.each([
    [0, 0],
    [0.001, 0],
    [0.0316, 50],
    [1, 100],
    [2, 100],
  ])("of a constant %f is %i", (amplitude, expected) => {
    expect(loudness(new Float32Array(64).fill(amplitude))).toBe(expected);
  });

  it("of nothing is silence", () => {
    expect(loudness(new Float32Array(0))).toBe(0);
  });
});
