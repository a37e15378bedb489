// A customer helps themselves on the help pages: verified with the phone in the other hand, told where their money is, told when it moves,
// and given a refund; and whoever has only their SIM is never let in. Without a script in Chinese, with it in English.

import { AccountPage } from "../src/account-page.ts";
import { axeInBothThemes } from "../src/axe.ts";
import { keyed, lines } from "../src/help.ts";
import { expect, test, TONE } from "../src/test.ts";
import { totp } from "../src/totp.ts";
import { CUSTOMER, TRANSACTION, Wallet } from "../src/wallet.ts";

const SAYS = {
  "zh-CN": { onTime: "正在途中，进度正常。", approved: "申请已批准", wrong: "核验没有通过", person: "请由人工继续办理" },
  en: { onTime: "It is on its way, and on time.", approved: "It is approved.", wrong: "That did not verify you.", person: "A person goes on from here" },
} as const;

for (const language of ["zh-CN", "en"] as const) {
  const says = SAYS[language];
  const scripted = language === "en";

  test(`verified, told, watched and refunded on the page, in ${language}`, async ({ world }) => {
    const wallet = new Wallet(world.hotline);
    const { page } = await world.tab(TONE.browserCaller, { javaScriptEnabled: scripted });
    const look = (state: string) => (scripted ? axeInBothThemes(page, state) : Promise.resolve());
    const account = await AccountPage.open(page, world.hotline, language);
    await look("account, number");
    await account.name("190 0000 0001");
    await expect(page.locator("#code")).toBeVisible();
    await look("account, code");
    await account.enter(await wallet.untilCode(CUSTOMER.liNa));
    await expect(page.locator("#transaction")).toBeVisible();
    await look("account, verified");

    await account.find(TRANSACTION.onTime);
    await expect(page.locator('[data-verdict="on_time"]')).toContainText(says.onTime);
    await account.watch();
    await expect(page.locator("[data-watched]")).toBeVisible();
    await look("account, transaction");

    await page.locator('main a.alone[href="/help/account"]').click();
    await account.find(TRANSACTION.paid);
    await account.lookAtRefund();
    await expect(page.locator("[data-amount]")).toHaveText("199.00 CNY");
    await look("account, refund offered");
    const { totp_secret: secret } = await wallet.customer(CUSTOMER.liNa);
    await account.askForRefund(totp(String(secret)));
    const outcome = page.locator("[data-outcome]");
    await expect(outcome).toContainText(says.approved);
    const reference = /R[0-9A-Z]{9}/.exec(await outcome.innerText())?.[0];
    await look("account, refund asked for");
    await outcome.locator("a.button").click();
    await expect(page.locator("[data-state]")).toBeVisible();
    await expect(page.locator("dl.facts")).toContainText(String(reference));
    await wallet.untilMessage(CUSTOMER.liNa, new RegExp(String(reference)), "sms");
    await page.goBack();
    await account.leave();
    await expect(page.locator("#number")).toBeVisible();

    const lead = await world.staff("lead1");
    const contact = await lead.untilContact("of the page, over", (each) => each.ended_at !== null);
    expect(contact).toMatchObject({ channel: "form", level: "A3", language, disposition: "refund_requested", case: reference });
    const timeline = await lead.timeline(contact.id);
    expect(keyed(timeline)).toEqual(["+86 190****0001", "••••••", TRANSACTION.onTime, TRANSACTION.paid, "••••••"].map((each, at) => (at === 0 ? expect.stringContaining("190****0001") : each)));
    expect(lines(timeline, "verified").map((line) => line.to)).toEqual(["A1", "A2", "A3"]);
    expect(lines(timeline, "wallet_act").map((line) => line.operation)).toEqual(expect.arrayContaining(["transaction_status"]));
  });

  test(`whoever has only the SIM hears the same words and never gets in, in ${language}`, async ({ world }) => {
    const wallet = new Wallet(world.hotline);
    const { page } = await world.tab(TONE.browserCaller, { javaScriptEnabled: scripted });
    const account = await AccountPage.open(page, world.hotline, language);
    await account.name("19000000004");
    const [shown] = [await page.locator("main").innerText()];
    for (const wrong of ["111111", "222222"]) {
      await account.enter(wrong);
      await expect(page.getByRole("alert")).toContainText(says.wrong);
    }
    await account.enter("333333");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.person);
    await expect(page.locator('main a[href^="tel:"]')).toBeVisible();
    if (scripted) await axeInBothThemes(page, "account, a person goes on");
    expect((await wallet.messages(CUSTOMER.zhaoLei)).filter((message) => message.channel === "sms")).toEqual([]);
    const lead = await world.staff("lead1");
    const contact = await lead.untilContact("of the page, over", (each) => each.ended_at !== null);
    expect(contact).toMatchObject({ channel: "form", level: "A1", disposition: "verification_failed" });

    const other = await AccountPage.open(page, world.hotline, language);
    await other.name("190 0000 0002");
    expect(await page.locator("main").innerText(), "the same words for a phone that does get a code").toBe(shown);
    await wallet.untilCode(CUSTOMER.wangWei);
  });
}

test("a locked account is unlocked on the page, and its owner is told everywhere", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const { page } = await world.tab(TONE.browserCaller);
  const account = await AccountPage.open(page, world.hotline, "en");
  await account.name("19000000002");
  await account.enter(await wallet.untilCode(CUSTOMER.wangWei));
  await page.locator('a[href="/help/account/acts/unlock"]').click();
  await axeInBothThemes(page, "account, unlock");
  await page.goBack();
  await account.act("unlock");
  await expect(page.locator('[data-state="done"]')).toContainText("Your account is unlocked");
  await axeInBothThemes(page, "account, unlocked");
  await wallet.untilStatus(CUSTOMER.wangWei, "none");
});
