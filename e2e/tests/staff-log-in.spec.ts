// A second factor from the first press to the next log-in, and an admin who certifies: in both languages, with nothing for axe to find.

import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { axeInBothThemes } from "../src/axe.ts";
import { expect, TONE, test } from "../src/test.ts";
import { LANGUAGES } from "../src/words.ts";

const WORDS = {
  "zh-CN": {
    setUp: "设置第二重验证",
    turnOn: "启用",
    kept: "我已保存",
    on: "已启用第二重验证",
    submit: "继续",
    wrong: "验证码不正确或已用过，请等下一个。",
    confirm: "确认",
    grant: "授予 agent3 证书",
    submitGrant: "授予",
    done: "已记录。",
    complaints: "投诉处理",
  },
  en: {
    setUp: "Set up a second factor",
    turnOn: "Turn on",
    kept: "I have kept them",
    on: "A second factor is on",
    submit: "Continue",
    wrong: "The code is not right, or was used before. Wait for the next one.",
    confirm: "Confirm",
    grant: "Grant agent3 a certificate",
    submitGrant: "Grant",
    done: "Written down.",
    complaints: "Complaints",
  },
} as const;

/** What an authenticator shows for this seed at that moment (RFC 6238). */
function code(secret: string, at_ms: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at_ms / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const start = (hash[19] ?? 0) & 15;
  return String((hash.readUInt32BE(start) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function logIn(page: Page, user: string) {
  await page.getByRole("textbox").nth(0).fill(user);
  await page.locator("input[type=password]").fill("walletline-demo");
  await page.keyboard.press("Enter");
}

for (const language of LANGUAGES) {
  test(`a second factor is set up, asked for, and opens with a recovery code, ${language}`, async ({ world }) => {
    const w = WORDS[language];
    const { page } = await world.tab(TONE.browserCaller, { locale: language });
    await page.goto(`${world.hotline.origin}/desk/security`);
    await logIn(page, "checker1");
    await page.getByRole("button", { name: w.setUp }).click();
    await expect(page.locator("img.factor-qr")).toBeVisible();
    await axeInBothThemes(page, "a seed to scan");
    const secret = ((await page.locator("form code").textContent()) ?? "").replaceAll(" ", "");
    await page.getByRole("textbox").fill(code(secret, Date.now()));
    await page.getByRole("button", { name: w.turnOn }).click();
    await expect(page.locator(".recovery-codes li")).toHaveCount(10);
    await axeInBothThemes(page, "recovery codes");
    const recovery = (await page.locator(".recovery-codes li").first().textContent()) ?? "";
    await page.getByRole("button", { name: w.kept }).click();
    await expect(page.getByText(w.on)).toBeVisible();
    await axeInBothThemes(page, "one's own log-in");

    await page.context().clearCookies();
    await page.reload();
    await logIn(page, "checker1");
    await expect(page.getByRole("button", { name: w.submit })).toBeVisible();
    await axeInBothThemes(page, "the second step");
    await page.getByRole("textbox").fill("000000");
    await page.getByRole("button", { name: w.submit }).click();
    await expect(page.getByText(w.wrong)).toBeVisible();
    await page.getByRole("button", { name: /恢复码|recovery code/ }).click();
    await page.getByRole("textbox").fill(recovery.toLowerCase());
    await page.getByRole("button", { name: w.submit }).click();
    await expect(page.getByText(w.on)).toBeVisible();
  });

  test(`an admin certifies after confirming who they are, ${language}`, async ({ world }) => {
    const w = WORDS[language];
    const { page } = await world.tab(TONE.browserCaller, { locale: language });
    await page.goto(`${world.hotline.origin}/admin/staff`);
    await logIn(page, "admin");
    await page.getByText(w.grant).click();
    await axeInBothThemes(page, "staff and certificates");
    // What was shown at the log-in is fresh for five minutes of the rules' clock.
    await page.request.post(`${world.hotline.origin}/demo/api/clock`, { data: { advance_s: 301 } });
    const form = page.locator("details[open] form");
    await form.locator("select").selectOption("complaints");
    await form.locator("input[type=number]").fill("88");
    const month = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await form.locator("input[type=date]").fill(month);
    await form.getByRole("button", { name: w.submitGrant }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await axeInBothThemes(page, "who is at the desk");
    await page.getByRole("dialog").locator("input").fill("walletline-demo");
    await page.getByRole("dialog").getByRole("button", { name: w.confirm, exact: true }).click();
    await expect(page.getByText(w.done)).toBeVisible();
    const member = page.locator(".listing").filter({ hasText: "agent3" });
    await expect(member.locator(".certificates").getByText(w.complaints)).toBeVisible();
  });
}
