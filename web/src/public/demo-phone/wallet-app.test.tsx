import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chooseLanguage } from "../../i18n/language.ts";
import { WalletApp } from "./wallet-app.tsx";

const NOW = "2026-11-22T14:02:05.120Z";
let answer: () => Promise<Response>;
let asked: string[] = [];

beforeEach(() => {
  asked = [];
  chooseLanguage("en");
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return answer();
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open(): void {
  render(<WalletApp wallet="jinqiao" msisdn="+8619000000001" />);
  fireEvent.click(screen.getByText("Are they talking to me?"));
}
const answers = (body: object) => {
  answer = async () => Response.json({ checked_at: NOW, ...body });
};

describe("are they talking to me?", () => {
  it("names the agent and asks to compare", async () => {
    answers({ answer: "talking", with: "agent", agent: "1024", since: NOW, line: "8000", purpose: "account" });
    open();
    expect(await screen.findByText(/^We are talking to you now: agent 1024, since \d\d:02$/)).toBeTruthy();
    expect(screen.getByText("Line: 8000 · About: Account")).toBeTruthy();
    expect(screen.getByText(/Compare the number/)).toBeTruthy();
    expect(asked).toEqual(["/demo/api/app/talking-to-us?wallet=jinqiao&msisdn=%2B8619000000001"]);
  });

  it("says to hang up when they are not, and when the word is one it does not know", async () => {
    for (const word of ["not_talking", "perhaps"]) {
      answers({ answer: word });
      open();
      expect(await screen.findByText("We are not talking to you: hang up")).toBeTruthy();
      cleanup();
    }
  });

  it("does not take somebody who only names the number for the customer", async () => {
    answers({ answer: "unconfirmed", since: NOW });
    open();
    expect(await screen.findByText(/has not shown that it is you/)).toBeTruthy();
    expect(screen.queryByText(/We are talking to you now/)).toBeNull();
  });

  it("shows the words of a call that was asked for, and who makes it", async () => {
    const callback = { reference: "R123456782", asked_at: NOW, phrase: "苹果 弓箭", language: "zh-CN" };
    answers({ answer: "not_talking", callback });
    open();
    expect(await screen.findByText("苹果 弓箭")).toBeTruthy();
    expect(screen.getByText("A call back is noted, reference R 123 456 782")).toBeTruthy();
    cleanup();
    answers({ answer: "calling_back", agent: "1024", since: NOW, callback });
    open();
    expect(await screen.findByText("Agent 1024 is calling you back")).toBeTruthy();
    expect(screen.getByText("苹果 弓箭").getAttribute("lang")).toBe("zh-CN");
    cleanup();
    answers({ answer: "not_talking", callback: { ...callback, phrase: undefined } });
    open();
    expect(await screen.findByText(/^Its words have run out/)).toBeTruthy();
  });

  it("is offline when it is refused, unreachable, or not answered in time", async () => {
    answer = async () => new Response(null, { status: 503 });
    open();
    expect(await screen.findByText("Offline: safer not to answer")).toBeTruthy();
    cleanup();
    vi.useFakeTimers();
    answer = () => new Promise(() => {});
    open();
    expect(screen.queryByText("Offline: safer not to answer")).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(5_001));
    expect(screen.getByText("Offline: safer not to answer")).toBeTruthy();
  });

  it("asks nothing until somebody asks, and nothing after", async () => {
    answers({ answer: "not_talking" });
    render(<WalletApp wallet="jinqiao" msisdn="+8619000000001" />);
    expect(asked).toEqual([]);
    fireEvent.click(screen.getByText("Are they talking to me?"));
    await screen.findByText("We are not talking to you: hang up");
    fireEvent.click(screen.getByText("Close"));
    expect(screen.queryByText("We are not talking to you: hang up")).toBeNull();
  });
});
