import { describe, expect, it } from "vitest";
import type { DemoMessage } from "../../api/types.ts";
import { arrivals, keyed, partsOf } from "./inbox.ts";

const message = (text: string, at = "2026-05-06T10:00:00.000Z"): DemoMessage => ({
  channel: "sms",
  to: "+8619000000001",
  text,
  at,
});

describe("the inbox", () => {
  it("keeps each message's key while newer ones come, also of two that are alike", () => {
    const before = keyed([message("a"), message("a")]);
    const after = keyed([message("a"), message("b"), message("a"), message("a")]);
    expect(new Set(after.map(({ key }) => key)).size).toBe(4);
    expect(after.slice(2).map(({ key }) => key)).toEqual(before.map(({ key }) => key));
    expect(after.map(({ message: { text } }) => text)).toEqual(["a", "b", "a", "a"]);
  });

  it("tells what is new, oldest first and once", () => {
    const before = keyed([message("a")]);
    const after = keyed([message("c"), message("b"), message("a")]);
    expect(arrivals(before, after).map(({ text }) => text)).toEqual(["b", "c"]);
    expect(arrivals(after, after)).toEqual([]);
    expect(arrivals(after, keyed([]))).toEqual([]);
  });

  it("tells nothing of what was there when the page opened", () => {
    expect(arrivals(null, keyed([message("a")]))).toEqual([]);
  });

  it.each([
    ["【金桥钱包】验证码 493817，10 分钟内有效。", ["493817"]],
    ["Your code is 012345.", ["012345"]],
    ["012345 is your code", ["012345"]],
    ["Transaction 261101000014 arrived.", []],
    ["Reference R123456782, CNY 123456.00, 123,123456", []],
    ["", []],
  ])("finds the code in %j and loses nothing", (text, codes) => {
    const parts = partsOf(text);
    expect(parts.map((part) => part.text).join("")).toBe(text);
    expect(parts.filter(({ isCode }) => isCode).map((part) => part.text)).toEqual(codes);
    for (const part of parts) expect(text.startsWith(part.text, part.at)).toBe(true);
  });
});
