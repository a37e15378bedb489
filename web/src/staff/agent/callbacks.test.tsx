import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Callback } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { notices } from "../shell/notice.ts";
import { Callbacks, callsBack } from "./callbacks.tsx";

const WAITING: Callback = {
  reference: "R123456782",
  wallet: "jinqiao",
  number: "+86 190****0001",
  language: "zh-CN",
  service: "refunds",
  asked_at: "2026-05-06T10:00:00.000Z",
  taken_by: null,
  contacts: ["ct_1"],
};

let list: Callback[] = [];
let asked: string[] = [];
let acts: Record<string, () => Response> = {};

const refused = (slug: string) => () =>
  Response.json(
    { type: `https://walletline.dev/problems/${slug}`, title: "", status: 409, detail: "" },
    { status: 409 },
  );

beforeEach(() => {
  chooseLanguage("en");
  [list, asked, acts] = [[WAITING], [], {}];
  vi.stubGlobal("fetch", async (path: string, { method }: RequestInit) => {
    asked.push(`${method} ${path}`);
    return method === "GET" ? Response.json(list) : (acts[path.split("/").at(-1) ?? ""]?.() ?? refused("conflict")());
  });
});

afterEach(() => {
  cleanup();
  notices.clear();
  vi.unstubAllGlobals();
});

function show() {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Callbacks me={{ number: "1001" }} />
    </QueryClientProvider>,
  );
}

const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

it("customers are called by agents and supervisors", () => {
  const roles = ["agent", "supervisor", "checker", "handler", "auditor", "admin"] as const;
  expect(roles.filter(callsBack)).toEqual(["agent", "supervisor"]);
});

describe("a request", () => {
  it("shows what is known of it, and no number", async () => {
    show();
    await screen.findByText("+86 190****0001");
    screen.getByText("Callbacks due · 1");
    screen.getByText("Refunds and complaints");
    screen.getByText("中文 · jinqiao");
    screen.getByRole("button", { name: "Show R 123 456 782" });
    expect(screen.queryByRole("link")).toBeNull();
    expect(screen.queryByRole("button", { name: /Finish/ })).toBeNull();
  });

  it("is taken, called and finished with a second press", async () => {
    acts = {
      take: () => {
        list = [{ ...WAITING, taken_by: "1001" }];
        return Response.json({ reference: WAITING.reference, number: "+8619000000001", phrase: "苹果 弓箭" });
      },
      finish: () => {
        list = [];
        return new Response(null, { status: 204 });
      },
    };
    show();
    await press("Take R 123 456 782");
    const link = await screen.findByRole("link", { name: "+86 190 0000 0001" });
    expect(link.getAttribute("href")).toBe("tel:+8619000000001");
    expect(document.activeElement).toBe(link);
    screen.getByText("Say first:");
    screen.getByText("苹果 弓箭");
    await press("Finish R 123 456 782");
    expect(asked).not.toContain("POST /api/v1/callbacks/R123456782/finish");
    await press("Customer called: press again R 123 456 782");
    await screen.findByText("Nobody waits to be called back");
    expect(asked).toContain("POST /api/v1/callbacks/R123456782/finish");
    expect(notices.current()).toEqual({ text: "R 123 456 782 is finished.", tone: "info" });
  });

  it("of one's own shows its number again after a reload, by being taken again", async () => {
    list = [{ ...WAITING, taken_by: "1001" }];
    acts = { take: () => Response.json({ reference: WAITING.reference, number: "+8619000000001", phrase: null }) };
    show();
    await press("Show the number (goes on record) R 123 456 782");
    await screen.findByRole("link", { name: "+86 190 0000 0001" });
    screen.getByText(/^There are no words to say/);
  });

  it("that somebody else took meanwhile is refused in words, and the list is fetched again", async () => {
    acts = {
      take: () => {
        list = [{ ...WAITING, taken_by: "1002" }];
        return refused("taken-by-another")();
      },
    };
    show();
    await press("Take R 123 456 782");
    await screen.findByText("Taken by agent 1002");
    await waitFor(() =>
      expect(notices.current()).toEqual({
        text: "Another agent has taken this request and has an hour for it. Take the next one.",
        tone: "bad",
      }),
    );
    screen.getByRole("button", { name: "Take over R 123 456 782" });
    expect(screen.queryByRole("link")).toBeNull();
  });
});
