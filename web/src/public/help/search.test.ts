import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addSearch } from "./search.ts";

const page = `<div class="hero"><form class="search"><input name="q"></form>
  <p role="status" data-found-before="Found: " data-found-after="" data-nothing="Nothing."></p><div data-results></div></div>`;

function type(words: string): void {
  const field = document.querySelector("input") as HTMLInputElement;
  field.value = words;
  field.dispatchEvent(new Event("input"));
}

describe("results while somebody types", () => {
  let answers: ((found: object[]) => void)[] = [];
  let asked: string[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    [answers, asked] = [[], []];
    document.body.innerHTML = page;
    const fetched = (url: string) => {
      asked.push(new URLSearchParams(url.split("?")[1]).get("q") ?? "");
      return new Promise((resolve) => answers.push((found) => resolve({ ok: true, json: async () => found })));
    };
    vi.stubGlobal("fetch", vi.fn(fetched));
    addSearch();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("asks after a pause, one question at a time, and then what was typed meanwhile", async () => {
    type("lo");
    type("lock");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(["lock"]);
    type("locked");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(["lock"]);
    answers[0]?.([{ slug: "a", title: "<b>A</b>", summary: "s" }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(document.querySelector("a")?.getAttribute("href")).toBe("/help/articles/a");
    expect(document.querySelector("strong")?.textContent).toBe("<b>A</b>");
    expect(document.querySelector("[role=status]")?.textContent).toBe("Found: 1");
    expect(asked).toEqual(["lock", "locked"]);
    answers[1]?.([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(document.querySelector("a")).toBeNull();
    expect(document.querySelector("[role=status]")?.textContent).toBe("Nothing.");
  });

  it("clears the results with the field", async () => {
    type("lock");
    await vi.advanceTimersByTimeAsync(1_000);
    answers[0]?.([{ slug: "a", title: "A", summary: "s" }]);
    await vi.advanceTimersByTimeAsync(0);
    type("");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(document.querySelector("a")).toBeNull();
    expect(asked).toEqual(["lock"]);
  });
});
