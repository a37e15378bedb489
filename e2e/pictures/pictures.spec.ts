// The pictures of the documentation, taken from the running program: `npm run pictures`. Nothing is checked here.

import { fileURLToPath } from "node:url";
import { TONE, test } from "../src/test.ts";
import { DeskPage } from "../src/desk-page.ts";
import { PhonePage } from "../src/phone-page.ts";

const IMAGES = fileURLToPath(new URL("../../docs/images/", import.meta.url));

test("the desk in a call", async ({ world }) => {
  const tab = await world.tab(TONE.browserAgent, { locale: "zh-CN", colorScheme: "light", viewport: { width: 1360, height: 860 } });
  await tab.page.goto(`${world.hotline.origin}/desk`);
  const desk = new DeskPage(tab, world.hotline, "zh-CN");
  await desk.logIn("agent1", "walletline-demo");
  await desk.ready();
  const caller = await world.call({ number: "+8619000000001", tone: TONE.sipCaller });
  await caller.press("1231");
  await desk.answer();
  await Promise.all([tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  await desk.notes.fill("用户称昨晚有一笔付款不是本人操作，已提醒可随时按 9 冻结账户。");
  await tab.page.getByText(desk.words.staff.notes.saved("").trim(), { exact: false }).waitFor();
  await tab.page.screenshot({ path: `${IMAGES}desk.png` });
  await caller.hangUp();
});

test("the demo phone in a call", async ({ world }) => {
  const tab = await world.tab(TONE.browserCaller, { locale: "en", colorScheme: "light", viewport: { width: 1100, height: 860 } });
  await tab.page.goto(`${world.hotline.origin}/demo/phone`);
  const phone = new PhonePage(tab, "en");
  await phone.choose("Li Na", "8000");
  await phone.dial();
  await phone.press("22");
  await tab.page.screenshot({ path: `${IMAGES}demo-phone.png` });
  await phone.hangUp();
});

test("the help centre on a phone", async ({ world }) => {
  const { page } = await world.tab(TONE.browserCaller, { locale: "zh-CN", colorScheme: "light", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  await page.goto(`${world.hotline.origin}/help`);
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `${IMAGES}help.png` });
});
