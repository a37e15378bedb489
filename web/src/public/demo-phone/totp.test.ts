import { expect, it } from "vitest";
import { codeAt } from "./totp.ts";

// RFC 6238 appendix B, with the six last digits.
it.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
])("makes the published code of second %i", async (at_s, code) => {
  expect(await codeAt("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Math.floor(at_s / 30))).toBe(code);
});
