import { describe, expect, it } from "vitest";
import { duration, grouped, money, phoneNumber, shortTime } from "./format.ts";

describe("formats", () => {
  it.each([
    [-5_000, "0:00"],
    [999, "0:00"],
    [7_000, "0:07"],
    [59_999, "0:59"],
    [60_000, "1:00"],
    [750_000, "12:30"],
    [3_723_000, "1:02:03"],
  ])("%i ms is %s", (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });

  it.each([
    ["R123456782", "R 123 456 782"],
    ["261101000014", "2611 0100 0014"],
    ["123456", "123 456"],
    ["12345", "123 45"],
    ["1234", "1234"],
    ["1234567890", "123 456 7890"],
    ["12345678901234567", "123 456 789 0123 4567"],
    ["", ""],
  ])("groups %s as it is read out", (id, expected) => {
    expect(grouped(id)).toBe(expected);
  });

  it("groups phone numbers it knows", () => {
    expect(phoneNumber("+8619000000001")).toBe("+86 190 0000 0001");
    expect(phoneNumber("+447700900003")).toBe("+44 7700 900003");
    expect(phoneNumber("+1202")).toBe("+1202");
  });

  it("never rounds money", () => {
    expect(money("1234567.10", "CNY", "en")).toBe("CNY 1,234,567.10");
    expect(money("900719925474099312.01", "GBP", "zh-CN")).toBe("GBP 900,719,925,474,099,312.01");
    expect(money("5", "CNY", "zh-CN")).toBe("CNY 5");
  });

  it("names the day only when it is another one", () => {
    const now = new Date(2026, 4, 6, 15, 0, 0).getTime();
    expect(shortTime(new Date(2026, 4, 6, 9, 5, 0).getTime(), now, "en")).toBe("09:05");
    expect(shortTime(new Date(2026, 4, 5, 9, 5, 0).getTime(), now, "en")).toContain("5 May");
  });
});
