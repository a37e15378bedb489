import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Case, ContactView, CustomerView, Level } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { CustomerPanel } from "./customer-panel.tsx";
import { IdentityStrip } from "./identity-strip.tsx";

const NOBODY: CustomerView = { number: "", risk: [], operations: [] };

const PROVED: CustomerView = {
  number: "+86 190****0001",
  factor: "sms_code",
  verified_at: "2026-05-06T10:00:00.000Z",
  name: "李女士",
  risk: [],
  transaction: {
    id: "261031000274",
    type: "cross_border",
    status: "pending",
    verdict: "overdue",
    by: "2026-05-01T10:00:00.000Z",
    basis: { "zh-CN": "通常三个工作日内到账。", en: "Usually arrives within three business days." },
    events: [
      { at: "2026-04-20T10:00:00.000Z", what: "created" },
      { at: "2026-04-21T10:00:00.000Z", what: "under_review" },
    ],
  },
  operations: [],
};

function contact(level: Level, customer: CustomerView): ContactView {
  return {
    id: "ct_1",
    agent: "st_1",
    wallet: "jinqiao",
    line: "8000",
    channel: "voice",
    caller: "+86 190****0001",
    caller_id: "none",
    path: [],
    legs: [],
    factors: ["sms_code"],
    queue: "jinqiao-general",
    priority: 5,
    level,
    customer,
    queued_at: "2026-05-06T10:00:00.000Z",
    leads: true,
    parties: [],
  };
}

const CASE: Case = {
  reference: "R123456782",
  kind: "freeze",
  wallet: "jinqiao",
  state: "open",
  transaction: null,
  grounds: null,
  contacts: ["ct_1", "ct_2"],
  opened_at: "2026-05-06T10:00:00.000Z",
  closed_at: null,
  operations: [{ id: "op_1", act: "freeze", state: "done", correlation_id: "0f8fad5b-d9cb-469f-a165-70867728950e" }],
  clocks: [],
  credit: null,
  statement: null,
  uploads: [],
};

let asked: string[] = [];
let answer: () => Response = () => Response.json(CASE);

beforeEach(() => {
  asked = [];
  answer = () => Response.json(CASE);
  chooseLanguage("en");
  vi.stubGlobal("fetch", async (path: string) => {
    // Refunds of the contact stand beside the rest; their own tests look at them.
    if (path.startsWith("/api/v1/operations?")) return Response.json([]);
    asked.push(path);
    return answer();
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const problem = (status: number, slug: string) => () =>
  Response.json({ type: `https://walletline.dev/problems/${slug}` }, { status });

function show(level: Level, customer: CustomerView) {
  const queries = new QueryClient({ defaultOptions: { queries: { retryDelay: 0 } } });
  const of = contact(level, customer);
  return render(
    <QueryClientProvider client={queries}>
      <IdentityStrip
        contact="ct_1"
        level={level}
        caller={of.caller}
        callerId={of.caller_id}
        wallet={of.wallet}
        line={of.line}
        channel={of.channel}
        service={null}
        risk={customer.risk}
        customer={customer}
      />
      <CustomerPanel contact={of} />
    </QueryClientProvider>,
  );
}

describe("the customer of a contact", () => {
  it("says of an unverified caller what everything would need", () => {
    show("A1", NOBODY);
    expect(screen.getByText("Number named")).toBeTruthy();
    expect(screen.getByText("can be forged; proves nothing")).toBeTruthy();
    expect(
      within(screen.getByRole("region", { name: "Transaction asked about" })).getByText("needs a code that came back"),
    ).toBeTruthy();
    expect(screen.getByText("Name: needs a code that came back")).toBeTruthy();
    expect(screen.getByRole("status", { name: "Acts on the wallet" }).textContent).toBe("");
  });

  it("says of a changed SIM why no code will do", () => {
    show("A1", { ...NOBODY, risk: ["sim_swap"] });
    expect(screen.getByText("SIM changed lately: a text-message code proves nothing")).toBeTruthy();
    expect(
      within(screen.getByRole("region", { name: "Transaction asked about" })).getByText(
        "not on this call: text-message codes count for nothing",
      ),
    ).toBeTruthy();
  });

  it("shows a verified one with method, name and the transaction in plain words", () => {
    show("A2", PROVED);
    expect(screen.getByText("Code passed")).toBeTruthy();
    expect(screen.getByText(/^text-message code · /)).toBeTruthy();
    expect(screen.getByText("Address as 李女士")).toBeTruthy();
    const card = within(screen.getByRole("region", { name: "Transaction asked about" }));
    for (const text of ["Overdue", "2610 3100 0274", "Ordered", "Being looked at; say nothing more", "Overdue since"]) {
      expect(card.getByText(text)).toBeTruthy();
    }
    expect(card.getByText("Usually arrives within three business days.")).toBeTruthy();
  });

  it("speaks the reader's language, the basis included", () => {
    chooseLanguage("zh-CN");
    show("A2", PROVED);
    expect(screen.getByText("通常三个工作日内到账。")).toBeTruthy();
    expect(screen.getByText("已超期")).toBeTruthy();
  });

  it("promises nothing when there is no basis, and passes on a word it does not know", () => {
    const transaction = {
      ...PROVED.transaction,
      id: "261031000274",
      type: "other",
      status: "pending",
      verdict: "unknown",
      basis: {},
      events: [{ at: "2026-04-20T10:00:00.000Z", what: "moon_phase" }],
    };
    show("A2", { ...PROVED, transaction });
    expect(screen.getByText("No usual time is known: promise nothing")).toBeTruthy();
    expect(screen.getByText("moon_phase")).toBeTruthy();
  });

  it("never shows an unconfirmed freeze as done, and gives the reference in groups", () => {
    const operation = { id: "op_1", act: "freeze", state: "unknown", reference: "R123456782" } as const;
    show("A1", { ...NOBODY, operations: [operation] });
    expect(screen.getByText("Not confirmed yet, still trying")).toBeTruthy();
    expect(screen.getByText("R 123 456 782")).toBeTruthy();
    expect(screen.queryByText("Carried out")).toBeNull();
  });
});

describe("a case", () => {
  const openCases = () => fireEvent.click(screen.getByRole("tab", { name: /^Cases/ }));
  const search = (text: string) => {
    openCases();
    fireEvent.change(screen.getByLabelText("Case by reference"), { target: { value: text } });
    fireEvent.click(screen.getByRole("button", { name: "Find" }));
  };

  it("of this contact opens in place", async () => {
    show("A1", { ...NOBODY, case: "R123456782" });
    openCases();
    fireEvent.click(screen.getByRole("button", { name: "Show R 123 456 782" }));
    expect(screen.getByText("Looking…")).toBeTruthy();
    expect(await screen.findByText("Carried out")).toBeTruthy();
    expect(screen.getByText("Open")).toBeTruthy();
    expect(asked.filter((path) => path !== "/api/v1/session")).toEqual(["/api/v1/cases/R123456782"]);
  });

  it("is found by what the caller reads out", async () => {
    show("A1", NOBODY);
    search("r123-456 782");
    expect(await screen.findByText("Emergency freeze", { selector: "dd" })).toBeTruthy();
    expect(asked.filter((path) => path !== "/api/v1/session")).toEqual(["/api/v1/cases/R123456782"]);
  });

  it("is not asked for when the reference cannot be right", () => {
    show("A1", NOBODY);
    search("R123456783");
    expect(screen.getByText("A reference is R and nine digits. Check it digit by digit.")).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it("that is not there is said once, without a second try", async () => {
    answer = problem(404, "not-found");
    show("A1", NOBODY);
    search("R123456782");
    expect(await screen.findByText("There is no case with this reference.")).toBeTruthy();
    expect(asked).toHaveLength(1);
  });

  it("can be tried again when the server did not answer", async () => {
    answer = problem(503, "unavailable");
    show("A1", NOBODY);
    search("R123456782");
    const again = await screen.findByRole("button", { name: "Try again" });
    answer = () => Response.json(CASE);
    fireEvent.click(again);
    expect(await screen.findByText("Carried out")).toBeTruthy();
  });
});
