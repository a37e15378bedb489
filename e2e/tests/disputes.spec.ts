// A payment that went wrong, from the form of a stranger to the desk and back: the case, the picture that came with it, the page that tells how
// it stands. What a scanner finds something in is given to nobody. With nothing for axe to find, in both languages.

import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { axeInBothThemes } from "../src/axe.ts";
import { expect, TONE, test } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, TRANSACTION, Wallet } from "../src/wallet.ts";
import { LANGUAGES } from "../src/words.ts";

const PHONE = { width: 390, height: 844 };

/** A grey square. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAAFXRFWHRDb21tZW50AHRha2VuIGF0IGhvbWV2YxoJAAAAD0lEQVR4nGNoQAMMI1sAAAUMgAFaSOXNAAAAAElFTkSuQmCC",
  "base64",
);

/** What every scanner must know; apart, so that no file of ours holds it in one piece. */
const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].join("");

/** A scanner that finds that one thing. */
function scanner(): string {
  const path = join(mkdtempSync(join(tmpdir(), "walletline-scanner-")), "scanner");
  writeFileSync(path, "#!/bin/sh\ngrep -q EICAR-STANDARD \"$1\" && exit 1\nexit 0\n");
  chmodSync(path, 0o700);
  return path;
}

test.use({ options: { config: `[uploads]\nscan = ["${scanner()}"]\n` } });

const png = (name: string) => ({ name, mimeType: "image/png", buffer: PICTURE });

for (const language of LANGUAGES) {
  test(`a dispute with a picture, from the form to the desk and back, ${language}`, async ({ world }) => {
    test.setTimeout(240_000);
    const { page } = await world.tab(TONE.browserCaller, { locale: language, viewport: PHONE });
    const send = page.locator("form[method=post] button[type=submit]");
    await page.goto(`${world.hotline.origin}/help/dispute?lang=${language}`);
    await axeInBothThemes(page, "dispute");

    // Something is wrong with it: the draft stays.
    await page.locator("#duplicate").check();
    await page.locator("#number").fill("19000000001");
    await page.locator("#transaction").fill("261118000487");
    await page.locator("#text").fill("Twice on Friday");
    await send.click();
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(page.locator("#text")).toHaveValue("Twice on Friday");
    await expect(page.locator("#duplicate")).toBeChecked();
    await page.locator("#transaction").fill(TRANSACTION.completed);
    await page.locator("#evidence").setInputFiles(png("receipt.png"));
    await send.click();
    const shown = page.locator(".card.strong .number");
    await expect(shown).toHaveText(/^R\d{9}$/);
    const reference = await shown.innerText();
    await axeInBothThemes(page, "dispute sent");

    // The page that tells how it stands, and a file that nobody gets.
    await page.locator('.card.strong a[href^="/help/cases/"]').click();
    await expect(page.locator('[data-stage="working"]')).toBeVisible();
    await expect(page.locator("[data-upload]")).toContainText("receipt.png");
    await page.locator("#evidence").setInputFiles({ name: "invoice.pdf", mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.7 ${EICAR}`) });
    await send.click();
    await expect(page.getByRole("status")).toBeVisible();
    await expect(async () => {
      await page.goto(page.url());
      await expect(page.locator('[data-upload="infected"]')).toContainText("invoice.pdf", { timeout: 1_000 });
      await expect(page.locator('[data-upload="clean"]')).toContainText("receipt.png", { timeout: 1_000 });
    }).toPass();
    await axeInBothThemes(page, "case followed");

    // The customer of that number is told, with the link.
    const told = await until("the receipt", async () => {
      const messages = await new Wallet(world.hotline).messages(CUSTOMER.liNa);
      return messages.find((each) => each.text.includes(reference)) ?? null;
    });
    expect(told.text).toContain(`/help/cases/${reference}/`);

    // At the desk: what was claimed, and the picture.
    const desk = await world.desk("agent1", language);
    const { cases } = desk.words.staff;
    await desk.page.getByLabel(cases.find, { exact: true }).fill(reference);
    await desk.page.getByRole("button", { name: cases.submit, exact: true }).click();
    await expect(desk.page.locator("[data-statement]")).toContainText("Twice on Friday");
    const evidence = desk.page.locator("[data-evidence]");
    await expect(evidence.locator('[data-upload="infected"]').getByRole("link")).toHaveCount(0);
    const downloading = desk.page.waitForEvent("download");
    await evidence.locator('[data-upload="clean"]').getByRole("link").click();
    const downloaded = await downloading;
    expect(downloaded.suggestedFilename()).toBe("receipt.png");
    const chunks: Buffer[] = [];
    for await (const chunk of await downloaded.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(PICTURE)).toBe(true);
    await evidence.locator("input[type=file]").setInputFiles(png("by-mail.png"));
    await expect(evidence.getByRole("alert")).toBeVisible();
    await axeInBothThemes(desk.page, "case with evidence");

    // A backup holds the sealed files as they are; the infected one is nowhere.
    const { hotline } = world;
    const uploads = join(hotline.folder, "data", "uploads");
    const [back, file] = [join(hotline.folder, "back"), join(hotline.folder, "walletline.backup")];
    expect(hotline.command("backup", file, "--demo").status).toBe(0);
    expect(hotline.command("backup", file, "--unpack", back, "--demo").status).toBe(0);
    const sealed = readdirSync(uploads).filter((name) => name.endsWith(".wlup"));
    expect(sealed).toHaveLength(1);
    for (const name of sealed) {
      expect(readFileSync(join(back, "data", "uploads", name)).equals(readFileSync(join(uploads, name)))).toBe(true);
    }

    // Which deadlines run, for whoever leads.
    const lead = await world.desk("lead1", language);
    await lead.page.goto(`${world.hotline.origin}/supervisor/clocks`);
    await expect(lead.page.locator(`[data-due="${reference}"]`).first()).toBeVisible();
    await axeInBothThemes(lead.page, "deadlines");
    await lead.page.locator(`[data-due="${reference}"]`).first().getByRole("button").click();
    await expect(lead.page.locator(`[data-case="${reference}"]`)).toBeVisible();
  });
}
