// A passkey from its name to the next log-in, on a virtual device of the browser: in both languages, with nothing for axe to find.

import { axeInBothThemes } from "../src/axe.ts";
import { DEMO_PASSWORD } from "../src/hotline.ts";
import { expect, TONE, test } from "../src/test.ts";
import { LANGUAGES } from "../src/words.ts";

const WORDS = {
  "zh-CN": { name: "设备名称", add: "添加通行密钥", kept: "我已保存", show: "使用通行密钥", remove: "移除我的手机", off: "未启用第二重验证：仅凭密码登录" },
  en: { name: "Name of the device", add: "Add a passkey", kept: "I have kept them", show: "Use a passkey", remove: "Remove 我的手机", off: "No second factor: the password alone logs you in" },
} as const;

for (const language of LANGUAGES) {
  test(`a passkey is added, asked for, and removed, ${language}`, async ({ world }) => {
    const w = WORDS[language];
    const { page } = await world.tab(TONE.browserCaller, { locale: language });
    const device = await page.context().newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    });
    // Browsers make passkeys for names alone.
    await page.goto(`http://localhost:${world.hotline.http}/desk/security`);
    const logIn = async () => {
      await page.getByRole("textbox").nth(0).fill("checker1");
      await page.locator("input[type=password]").fill(DEMO_PASSWORD);
      await page.keyboard.press("Enter");
    };
    await logIn();
    await page.getByLabel(w.name).fill("我的手机");
    await page.getByRole("button", { name: w.add }).click();
    await expect(page.locator(".recovery-codes li")).toHaveCount(10);
    await page.getByRole("button", { name: w.kept }).click();
    await expect(page.locator("[data-passkey]")).toContainText("我的手机");
    await axeInBothThemes(page, "one's own passkeys");

    await page.context().clearCookies();
    await page.reload();
    await logIn();
    await expect(page.getByRole("button", { name: w.show })).toBeVisible();
    await axeInBothThemes(page, "a passkey is asked for");
    await page.getByRole("button", { name: w.show }).click();
    await page.getByRole("button", { name: w.remove }).click();
    await expect(page.getByText(w.off)).toBeVisible();
  });
}
