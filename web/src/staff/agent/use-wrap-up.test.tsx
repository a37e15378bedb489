import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ContactView } from "../../api/types.ts";
import { NoteKeeper } from "./note-keeper.ts";
import { useWrapUp } from "./use-wrap-up.ts";

function contact(change: Partial<ContactView> = {}): ContactView {
  return {
    id: "ct_1",
    agent: "st_1",
    wallet: "jinqiao",
    line: "8000",
    channel: "voice",
    caller: "+86 190****0001",
    caller_id: "none",
    service: "freeze",
    path: [],
    legs: [],
    factors: ["sms_code"],
    queue: "jinqiao-general",
    priority: 10,
    level: "A1",
    customer: { number: "", risk: [], operations: [] },
    queued_at: "2026-05-06T10:00:00.000Z",
    leads: true,
    parties: [],
    ...change,
  };
}

const ENDED = contact({ ended_at: "2026-05-06T10:05:00.000Z" });

/** What was sent to the server, in order. */
let sent: { path: string; body: unknown }[] = [];

beforeEach(() => {
  sent = [];
  sessionStorage.clear();
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    sent.push({ path, body: JSON.parse(String(init.body)) });
    return new Response("{}", { status: 200, headers: { "Content-Type": "application/json" } });
  });
});

const wrapUpOf = (initial: ContactView | null, keeper: NoteKeeper | null = null) =>
  renderHook(({ of }: { of: ContactView | null }) => useWrapUp(of, keeper), { initialProps: { of: initial } });

describe("wrap-up", () => {
  it("opens by itself when the call ends, with what was chosen during it", () => {
    const { result, rerender } = wrapUpOf(contact());
    expect(result.current).toMatchObject({ isOpen: false, isDue: false });
    expect(result.current.chooseRank(1)).toBe(false);
    act(() => void result.current.openAndFocus());
    act(() => void result.current.chooseRank(1));
    expect(result.current.code).toBe("account_frozen");
    rerender({ of: ENDED });
    expect(result.current).toMatchObject({ isOpen: true, isDue: true, code: "account_frozen" });
  });

  it("cannot be finished before the call ended, nor without a result", () => {
    const { result, rerender } = wrapUpOf(contact());
    act(() => void result.current.openAndFocus());
    act(() => void result.current.finishFromKeys());
    rerender({ of: ENDED });
    act(() => void result.current.finishFromKeys());
    expect(sent).toEqual([]);
  });

  it("saves the note first, then sends the result once", async () => {
    const keeper = new NoteKeeper("ct_1", {
      load: async () => "",
      save: async (id, text) => void (await fetch(`note of ${id}`, { body: JSON.stringify({ text }) })),
      drafts: sessionStorage,
      now_ms: () => 0,
    });
    await keeper.start();
    keeper.edit("the last words");
    const { result } = wrapUpOf(ENDED, keeper);
    act(() => result.current.choose("suspected_fraud"));
    act(() => result.current.setRemark("  called twice "));
    act(() => result.current.finish());
    act(() => result.current.finish());
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent).toEqual([
      { path: "note of ct_1", body: { text: "the last words" } },
      { path: "/api/v1/contacts/ct_1/wrap-up", body: { code: "suspected_fraud", note: "called twice" } },
    ]);
  });

  it("survives a reload, and never carries over to the next contact", () => {
    const first = wrapUpOf(ENDED);
    act(() => first.result.current.choose("wrong_number"));
    first.unmount();
    const second = wrapUpOf(ENDED);
    expect(second.result.current.code).toBe("wrong_number");
    second.rerender({ of: contact({ id: "ct_2", service: null }) });
    expect(second.result.current).toMatchObject({ code: null, remark: "", isOpen: false });
    expect(second.result.current.codes[0]).toBe("resolved");
    second.rerender({ of: null });
    expect(second.result.current.finishFromKeys()).toBe(false);
  });

  it("can be tried again after a refusal", async () => {
    vi.stubGlobal("fetch", async () => new Response("{}", { status: 503 }));
    const { result } = wrapUpOf(ENDED);
    act(() => result.current.choose("resolved"));
    act(() => result.current.finish());
    expect(result.current.isFinishing).toBe(true);
    await waitFor(() => expect(result.current.isFinishing).toBe(false));
    expect(result.current.code).toBe("resolved");
  });
});
