import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../api/problem.ts";
import { draftKey, NoteKeeper } from "./note-keeper.ts";

function world(stored = "") {
  const drafts = new Map<string, string>();
  const saved: { text: string; leaving: boolean }[] = [];
  const parts = {
    load: vi.fn(async () => stored),
    save: vi.fn(async (_contact: string, text: string, leaving: boolean) => {
      saved.push({ text, leaving });
    }),
    drafts: {
      getItem: (name: string) => drafts.get(name) ?? null,
      setItem: (name: string, text: string) => void drafts.set(name, text),
      removeItem: (name: string) => void drafts.delete(name),
    },
    now_ms: () => 5,
  };
  return { parts, drafts, saved };
}

const KEY = draftKey("ct_1");

describe("the note keeper", () => {
  beforeEach(() => void vi.useFakeTimers());

  it("shows what the server has", async () => {
    const { parts, saved } = world("before");
    const keeper = new NoteKeeper("ct_1", parts);
    expect(keeper.state().status).toBe("loading");
    await keeper.start();
    expect(keeper.state()).toMatchObject({ text: "before", status: "saved" });
    expect(saved).toEqual([]);
  });

  it("saves two seconds after the first change, once, with the last words", async () => {
    const { parts, saved, drafts } = world();
    const keeper = new NoteKeeper("ct_1", parts);
    await keeper.start();
    keeper.edit("a");
    await vi.advanceTimersByTimeAsync(1_500);
    keeper.edit("ab");
    expect(drafts.get(KEY)).toBe("ab");
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(saved).toEqual([{ text: "ab", leaving: false }]);
    expect(keeper.state()).toMatchObject({ status: "saved", saved_at_ms: 5 });
    expect(drafts.has(KEY)).toBe(false);
  });

  it("brings back and saves what a reload interrupted, over what the server has", async () => {
    const { parts, saved, drafts } = world("old");
    drafts.set(KEY, "newer");
    const keeper = new NoteKeeper("ct_1", parts);
    expect(keeper.state().text).toBe("newer");
    await keeper.start();
    expect(saved).toEqual([{ text: "newer", leaving: false }]);
    expect(parts.load).not.toHaveBeenCalled();
  });

  it("loses neither side when something was typed before the server answered", async () => {
    const { parts, saved } = world("from the server");
    const keeper = new NoteKeeper("ct_1", parts);
    const starting = keeper.start();
    keeper.edit("typed");
    await starting;
    expect(keeper.state()).toMatchObject({ text: "from the server\ntyped", status: "pending" });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(saved).toEqual([{ text: "from the server\ntyped", leaving: false }]);
  });

  it("writes nothing before it could read, and asks until it can", async () => {
    const { parts, saved, drafts } = world("old");
    parts.load.mockRejectedValueOnce(new Problem("not-found", 404));
    const keeper = new NoteKeeper("ct_1", parts);
    await keeper.start();
    keeper.edit("typed");
    await keeper.save();
    expect(saved).toEqual([]);
    keeper.close();
    const reloaded = new NoteKeeper("ct_1", parts);
    expect(reloaded.state().text).toBe("typed");
    parts.load.mockRejectedValueOnce(new Problem("not-found", 404));
    await reloaded.start();
    await vi.advanceTimersByTimeAsync(500);
    expect(reloaded.state().text).toBe("old\ntyped");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(saved).toEqual([{ text: "old\ntyped", leaving: false }]);
    expect([...drafts.keys()]).toEqual([]);
  });

  it("keeps the words when the server does not answer, and tries again", async () => {
    const { parts, saved, drafts } = world();
    parts.save.mockRejectedValueOnce(new Problem("unreachable", 0));
    const keeper = new NoteKeeper("ct_1", parts);
    await keeper.start();
    keeper.edit("a");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(keeper.state().status).toBe("kept");
    expect(drafts.get(KEY)).toBe("a");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved).toEqual([{ text: "a", leaving: false }]);
    expect(keeper.state().status).toBe("saved");
  });

  it("does not ask again after a refusal", async () => {
    const { parts } = world();
    parts.save.mockRejectedValue(new Problem("not-your-contact", 403));
    const keeper = new NoteKeeper("ct_1", parts);
    await keeper.start();
    keeper.edit("a");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(parts.save).toHaveBeenCalledTimes(1);
    expect(keeper.state().status).toBe("kept");
  });

  it("saves what was typed while a save was under way", async () => {
    const { parts, saved } = world();
    const keeper = new NoteKeeper("ct_1", parts);
    await keeper.start();
    keeper.edit("a");
    const first = keeper.save();
    keeper.edit("ab");
    await first;
    expect(keeper.state().status).toBe("pending");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(saved.map(({ text }) => text)).toEqual(["a", "ab"]);
  });

  it("saves at once when the page goes away", async () => {
    const { parts, saved } = world();
    const keeper = new NoteKeeper("ct_1", parts);
    await keeper.start();
    keeper.edit("a");
    void keeper.save(true);
    expect(parts.save).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(saved).toEqual([{ text: "a", leaving: true }]);
  });
});
