import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "../../api/client.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { TransferDialog } from "./transfer-dialog.tsx";

const BANK = { id: "bank", name: { "zh-CN": "合作银行", en: "Partner bank" }, number: "+861088880000", open: true };
const POLICE = { id: "police", name: { "zh-CN": "警方", en: "Police desk" }, number: "+861010000110", open: false };

beforeEach(() => {
  chooseLanguage("en");
  vi.spyOn(api, "transferTargets").mockResolvedValue({ agents: [], queues: [], outside: [BANK, POLICE] });
  vi.spyOn(api, "transfer").mockResolvedValue(undefined);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const show = (hasCompany = false) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TransferDialog contact="ct_1" hasCompany={hasCompany} isOpen onClose={() => undefined} />
    </QueryClientProvider>,
  );

it("lists the numbers outside by name, and hands over to one by its id", async () => {
  show();
  fireEvent.click(await screen.findByRole("button", { name: "Hand over to Partner bank" }));
  expect(api.transfer).toHaveBeenCalledWith("ct_1", { outside: "bank" }, "blind");
});

it("says where nobody is at this hour, and offers no call there", async () => {
  show();
  await screen.findByText(/nobody there at this hour/);
  expect(screen.getByRole("button", { name: "Speak with Police desk first" }).hasAttribute("disabled")).toBe(true);
});

it("speaks first while others are on the call, and hands over only alone", async () => {
  show(true);
  expect((await screen.findByRole("button", { name: "Hand over to Partner bank" })).hasAttribute("disabled")).toBe(
    true,
  );
  fireEvent.click(screen.getByRole("button", { name: "Speak with Partner bank first" }));
  expect(api.transfer).toHaveBeenCalledWith("ct_1", { outside: "bank" }, "attended");
});

it("has the names in the reader's language", async () => {
  chooseLanguage("zh-CN");
  show();
  await screen.findByText("合作银行");
});
