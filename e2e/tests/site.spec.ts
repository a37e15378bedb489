// The public site as strangers use it: with and without scripts, in both languages and themes, without a network, and calling from
// the page. Every test that opens a page also demands at its end that no policy was violated and no script failed.

import type { Page } from "@playwright/test";
import { axe, axeInBothThemes } from "../src/axe.ts";
import { expect, TONE, test } from "../src/test.ts";
import { LANGUAGES } from "../src/words.ts";

const PHONE = { width: 390, height: 844 };

/** What a reader would look for, per language. */
const SAID = {
  "zh-CN": {
    question: "被锁了怎么办",
    found: "账户被锁定怎么办",
    nothing: "没有找到",
    call: "呼叫热线",
    talking: "通话中",
    mute: "静音",
    unmute: "取消静音",
    keypad: "拨号键盘",
    hangUp: "挂断",
    over: "通话已结束",
    unlock: "账户被锁定",
  },
  en: {
    question: "acount lockd",
    found: "My account is locked",
    nothing: "Nothing was found",
    call: "Call the hotline",
    talking: "On the call",
    mute: "Mute",
    unmute: "Unmute",
    keypad: "Keypad",
    hangUp: "Hang up",
    over: "The call has ended",
    unlock: "My account is locked",
  },
} as const;

/** Nothing stands beyond the edge of the screen. */
async function fits(page: Page): Promise<void> {
  const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(wide).toBeLessThanOrEqual(screen ?? 0);
}

for (const language of LANGUAGES) {
  const said = SAID[language];

  test(`every page, ${language}`, async ({ world }) => {
    test.setTimeout(180_000);
    const { page } = await world.tab(TONE.browserCaller, { locale: language, viewport: PHONE });
    const open = async (path: string) => {
      await page.goto(`${world.hotline.origin}${path}`);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await fits(page);
      await axeInBothThemes(page, path);
    };
    await open("/help");
    await page.getByRole("searchbox").fill(said.question);
    await expect(page.locator(".hero").getByRole("link", { name: said.found })).toBeVisible();
    await axeInBothThemes(page, "results while typing");
    await open("/help/articles/unlock-account");
    await open("/help/articles/processing-times");
    await open("/help/articles/nosuch");
    await open(`/help/search?q=${encodeURIComponent(said.question)}`);
    await open("/help/search?q=zzzzqqqq");
    await expect(page.getByText(said.nothing)).toBeVisible();
    await open("/help/call");
    await open("/help/offline");
  });

  test(`the header is two rows of targets for a thumb, in ${language}`, async ({ world }) => {
    for (const width of [320, 390]) {
      const { page } = await world.tab(TONE.browserCaller, { locale: language, viewport: { width, height: 844 } });
      await page.goto(`${world.hotline.origin}/help/call`);
      await fits(page);
      const targets = await page.locator("header.site a").evaluateAll((links) => links.map((each) => each.getBoundingClientRect().toJSON() as DOMRect));
      for (const { width: wide, height: high } of targets) expect(Math.min(wide, high)).toBeGreaterThanOrEqual(44);
      expect(new Set(targets.map(({ top }) => Math.round(top))).size, "rows").toBe(2);
      // The entry of this page is the last of the menu, and in sight.
      await expect(page.locator(".menu [aria-current]")).toBeInViewport({ ratio: 1 });
    }
  });

  test(`a visitor without scripts finds an answer, in ${language}`, async ({ world }) => {
    const { page } = await world.tab(TONE.browserCaller, { javaScriptEnabled: false, locale: language, viewport: PHONE });
    await page.goto(world.hotline.origin);
    await expect(page).toHaveURL(/\/help$/);
    await expect(page.locator("main").getByRole("link", { name: "8000", exact: true })).toHaveAttribute("href", "tel:8000");
    await page.getByRole("searchbox").fill(said.question);
    await page.getByRole("searchbox").press("Enter");
    await page.getByRole("link", { name: said.found }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(said.unlock);
    await page.goto(`${world.hotline.origin}/help/call`);
    await expect(page.getByRole("button", { name: said.call })).toBeHidden();
    await expect(page.locator("main").getByRole("link", { name: "8000", exact: true }).first()).toBeVisible();
  });

  test(`a call from the page reaches an agent and survives reading on, in ${language}`, async ({ world }) => {
    test.setTimeout(180_000);
    const desk = await world.desk("agent1");
    await desk.ready();
    const tab = await world.tab(TONE.browserCaller, { locale: language, viewport: PHONE });
    const { page } = tab;
    await page.goto(`${world.hotline.origin}/help/call`);
    await page.getByRole("button", { name: said.call }).click();
    const sheet = page.locator("#call");
    await expect(sheet.getByText(said.talking)).toBeVisible();
    await tab.untilSound();
    await axe(page, "talking");
    await sheet.getByRole("button", { name: said.keypad }).click();
    await axe(page, "keypad");
    await sheet.getByRole("button", { name: "0", exact: true }).click();
    await desk.rings();
    await desk.answer();
    await tab.untilTone(TONE.browserAgent);
    await desk.tab.untilTone(TONE.browserCaller);

    // Reading on, back and forth: the same call, heard on both sides.
    await page.locator("header").getByRole("link").first().click();
    await expect(page).toHaveURL(/\/help$/);
    await page.getByRole("link", { name: said.unlock }).first().click();
    await expect(page).toHaveURL(/\/help\/articles\/unlock-account$/);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(said.unlock);
    await page.goBack();
    await expect(page).toHaveURL(/\/help$/);
    await expect(page.getByRole("searchbox")).toBeVisible();
    await page.getByRole("searchbox").fill(said.question);
    await page.getByRole("searchbox").press("Enter");
    await expect(page).toHaveURL(/\/help\/search\?q=/);
    await expect(sheet.getByText(said.talking)).toBeVisible();
    await fits(page);
    await tab.untilTone(TONE.browserAgent);
    await desk.tab.untilTone(TONE.browserCaller);

    await sheet.getByRole("button", { name: said.mute, exact: true }).click();
    await expect(sheet.getByRole("button", { name: said.unmute })).toBeVisible();
    await axe(page, "muted");
    await sheet.getByRole("button", { name: said.hangUp }).click();
    await expect(sheet.getByText(said.over)).toBeVisible();
    await axe(page, "over");

    const lead = await world.staff("lead1");
    const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
    expect(contact).toMatchObject({ channel: "web_call", line: "8000", level: "A0", language });
  });
}

test("one browser holds one call", async ({ world }) => {
  const first = await world.tab(TONE.browserCaller, { locale: "en" });
  await first.page.goto(`${world.hotline.origin}/help/call`);
  await first.page.getByRole("button", { name: SAID.en.call }).click();
  await expect(first.page.locator("#call").getByText(SAID.en.talking)).toBeVisible();
  const second = await first.page.context().newPage();
  await second.goto(`${world.hotline.origin}/help/call`);
  await second.getByRole("button", { name: SAID.en.call }).click();
  await expect(second.getByRole("alert")).toContainText("another tab");
  await first.page.locator("#call").getByRole("button", { name: SAID.en.hangUp }).click();
  await second.getByRole("button", { name: SAID.en.call }).click();
  await expect(second.locator("#call").getByText(SAID.en.talking)).toBeVisible();
});

test("a microphone that is refused or missing is explained, and the number stays", async ({ world }) => {
  for (const [name, says] of [
    ["NotAllowedError", "blocked"],
    ["NotFoundError", "No microphone"],
  ] as const) {
    const { page } = await world.tab(TONE.browserCaller, { locale: "en", viewport: PHONE });
    await page.addInitScript((failure) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", failure));
    }, name);
    await page.goto(`${world.hotline.origin}/help/call`);
    await page.getByRole("button", { name: "Test the microphone" }).click();
    await expect(page.locator("[data-test-status]")).toContainText(says);
    await page.getByRole("button", { name: SAID.en.call }).click();
    await expect(page.locator("#call").getByRole("status")).toContainText(says);
    await axe(page, `microphone: ${name}`);
    await expect(page.locator("#call").getByRole("link", { name: "8000" })).toBeVisible();
  }
});

test("a browser that cannot call is told so, and the number stays", async ({ world }) => {
  const { page } = await world.tab(TONE.browserCaller, { locale: "en" });
  await page.addInitScript(() => Reflect.deleteProperty(window, "RTCPeerConnection"));
  await page.goto(`${world.hotline.origin}/help/call`);
  await expect(page.getByText("This browser cannot make calls from a page")).toBeVisible();
  await expect(page.getByRole("button", { name: SAID.en.call })).toBeHidden();
  await expect(page.locator("main").getByRole("link", { name: "8000", exact: true })).toBeVisible();
});

test("the microphone is heard in the test before a call", async ({ world }) => {
  const { page } = await world.tab(TONE.browserCaller, { locale: "en", viewport: PHONE });
  await page.goto(`${world.hotline.origin}/help/call`);
  await page.getByRole("button", { name: "Play a test tone" }).click();
  await expect(page.locator("[data-test-status]")).toContainText("hear a tone");
  await page.getByRole("button", { name: "Test the microphone" }).click();
  await expect(page.locator("[data-test-status]")).toContainText("We hear you");
  await axe(page, "test");
  await page.getByRole("button", { name: /^Record/ }).click();
  await expect(page.locator("[data-test-status]")).toContainText("how you sound");
  await page.getByRole("button", { name: "Stop the test" }).click();
  await expect(page.getByRole("button", { name: "Test the microphone" })).toBeVisible();
});

test("without a network the number is still there", async ({ world }) => {
  const { page } = await world.tab(TONE.browserCaller, { locale: "en", viewport: PHONE });
  await page.goto(`${world.hotline.origin}/help`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const keepsNumbers = async () => (await navigator.serviceWorker.getRegistration("/official-numbers"))?.active?.state === "activated";
  await expect.poll(() => page.evaluate(keepsNumbers)).toBe(true);
  await page.goto(`${world.hotline.origin}/official-numbers?wallet=harbor`);
  const listed = await page.locator("main .number").allInnerTexts();
  expect(listed.length).toBeGreaterThan(0);
  await world.hotline.crash();
  for (const seen of ["/official-numbers", "/official-numbers?lang=zh-CN", "/official-numbers?wallet=harbor"]) {
    await page.goto(`${world.hotline.origin}${seen}`);
    expect(await page.locator("main .number").allInnerTexts(), seen).toEqual(listed);
  }
  await axe(page, "official numbers, offline");
  await page.goto(`${world.hotline.origin}/official-numbers?wallet=jinqiao`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You are offline");
  await page.goto(`${world.hotline.origin}/help/articles/unlock-account`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You are offline");
  await expect(page.locator("main").getByRole("link", { name: "8000", exact: true })).toBeVisible();
  await expect(page.locator("main").getByRole("link", { name: "8001", exact: true })).toBeVisible();
  await axe(page, "offline");
});

test("the first page is small and soon there", async ({ world }) => {
  const tab = await world.tab(TONE.browserCaller, { locale: "en", viewport: PHONE });
  await tab.page.goto(`${world.hotline.origin}/help/offline`);
  const times: number[] = [];
  let bytes = 0;
  const requests = new Set<string>();
  for (let round = 0; round < 3; round += 1) {
    const { page } = await world.tab(TONE.browserCaller, { locale: "en", viewport: PHONE });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Network.enable");
    const speed = (1.6 * 1_000_000) / 8;
    await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: speed, uploadThroughput: speed });
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    bytes = 0;
    requests.clear();
    cdp.on("Network.loadingFinished", (event) => {
      bytes += event.encodedDataLength;
    });
    cdp.on("Network.requestWillBeSent", (event) => requests.add(event.request.url));
    await page.goto(`${world.hotline.origin}/help`, { waitUntil: "load" });
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    await page.waitForFunction(paint);
    times.push((await page.evaluate(paint)) ?? 0);
    await page.context().close();
  }
  const [, median = 0] = times.sort((a, b) => a - b);
  test.info().annotations.push({ type: "first paint, ms", description: `${median.toFixed(0)} (${bytes} bytes, ${requests.size} requests)` });
  console.log(`first paint of /help at 1.6 Mbit/s, 150 ms, 4x CPU: ${median.toFixed(0)} ms (median of 3), ${bytes} bytes in ${requests.size} requests`);
  // What the time follows from, whatever the machine: at most two round trips before the paint and 40 KB in all.
  expect(bytes).toBeLessThan(40_000);
  expect(requests.size).toBeLessThanOrEqual(6);
  for (const url of requests) expect(new URL(url).origin).toBe(world.hotline.origin);
});
