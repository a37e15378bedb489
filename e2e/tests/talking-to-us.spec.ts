// Are they talking to me? What the wallet's app on a customer's phone says before a call, while somebody only claims to be the customer,
// once they have shown it, and when nothing can be asked.

import { axeInBothThemes } from "../src/axe.ts";
import { expect, TONE, test } from "../src/test.ts";
import { CUSTOMER, Wallet } from "../src/wallet.ts";

test("the app names the agent once the customer has shown who they are", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const desk = await world.desk("agent1");
  const phone = await world.browserPhone();
  const { walletApp } = phone.words;
  const verdict = (answer: string) => phone.page.locator(`[data-answer="${answer}"]`);
  await phone.choose("Li Na", "8000");
  await phone.page.getByRole("button", { name: walletApp.ask }).click();
  await expect(verdict("not_talking")).toContainText(walletApp.not_talking.title);
  await axeInBothThemes(phone.page, "the app before a call");

  await desk.ready();
  const caller = await world.call({ number: CUSTOMER.liNa, tone: TONE.sipCaller });
  await caller.press("2");
  await caller.rtp.untilSound();
  await caller.press("0");
  await expect(verdict("unconfirmed")).toContainText(walletApp.unconfirmed.title);
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  await expect(verdict("unconfirmed")).toBeVisible();
  await axeInBothThemes(phone.page, "the app while somebody claims the number");

  await desk.page.keyboard.press("Alt+v");
  await desk.page.getByRole("button", { name: desk.words.staff.verification.send }).click();
  await caller.rtp.untilSound();
  await caller.press(`${await wallet.untilCode(CUSTOMER.liNa)}#`);
  await expect(desk.page.locator('[data-level="A2"]')).toBeVisible();
  await expect(verdict("talking")).toContainText(/\b1024\b/);
  await axeInBothThemes(phone.page, "the app in a call");

  await phone.page.context().setOffline(true);
  await expect(verdict("offline")).toContainText(walletApp.offline.title);
  await axeInBothThemes(phone.page, "the app without a network");
  await phone.page.context().setOffline(false);
  await caller.hangUp();
  await expect(verdict("not_talking")).toBeVisible();
});
