// A code that the agent reads out at the desk and the customer types into the wallet's app, in two browsers: what each of them sees, and
// what it is worth.

import { axeInBothThemes } from "../src/axe.ts";
import { lines } from "../src/help.ts";
import { expect, TONE, test } from "../src/test.ts";

test("the customer types what the agent reads out, and the contact is lifted", async ({ world }) => {
  test.setTimeout(300_000);
  const desk = await world.desk("agent1");
  const phone = await world.browserPhone();
  const { verification } = desk.words.staff;
  const { approval } = phone.words.walletApp;
  await desk.ready();
  await phone.choose("Li Na", "8000");
  await phone.dial();
  await phone.press("20");
  await desk.answer();
  await desk.tab.untilTone(TONE.browserCaller);

  await desk.page.keyboard.press("Alt+v");
  await desk.page.getByRole("radio", { name: verification.app }).check({ force: true });
  await axeInBothThemes(desk.page, "the app as a way to verify");
  await desk.page.getByRole("button", { name: verification.askApp }).click();
  const shown = desk.page.locator("[data-transfer-code]");
  await expect(shown).toBeVisible();
  const code = (await shown.getAttribute("data-transfer-code")) ?? "";
  await axeInBothThemes(desk.page, "a code to read out");

  await expect(phone.page.locator('[data-approval="verify"]')).toContainText(approval.title("1024"));
  await expect(phone.page.locator('[data-approval="verify"]')).not.toContainText(code);
  await axeInBothThemes(phone.page, "the app asks");
  const field = phone.page.getByLabel(approval.code);
  await field.fill(code === "100" ? "101" : "100");
  await phone.page.getByRole("button", { name: approval.approve, exact: true }).click();
  await expect(phone.page.getByText(approval.wrong)).toBeVisible();
  await field.fill(code);
  await phone.page.getByRole("button", { name: approval.approve, exact: true }).click();
  await expect(desk.page.locator('[data-challenge="verified"]')).toBeVisible();
  await expect(desk.page.locator('[data-level="A3"]')).toBeVisible();
  await expect(phone.page.locator("[data-approval]")).toHaveCount(0);
  await axeInBothThemes(desk.page, "verified in the app");

  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("that is live");
  const timeline = await lead.timeline(contact.id);
  expect(lines(timeline, "verified").at(-1)).toMatchObject({ factor: "app_transfer", to: "A3" });
  expect(JSON.stringify(timeline), "the code stands in no record").not.toContain(`"${code}"`);
  await phone.hangUp();
  await desk.becomes("wrap_up");
});
