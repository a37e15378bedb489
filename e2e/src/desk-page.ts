// The agent's desk as an agent uses it: what it says and its buttons, nothing of how it is built.

import { expect, type Locator } from "@playwright/test";
import type { Tab } from "./browser.ts";
import { DEMO_PASSWORD, type Hotline } from "./hotline.ts";
import { type Language, WORDS } from "./words.ts";

export class DeskPage {
  readonly tab: Tab;
  readonly words: (typeof WORDS)[Language];
  #hotline: Hotline;

  constructor(tab: Tab, hotline: Hotline, language: Language) {
    [this.tab, this.#hotline, this.words] = [tab, hotline, WORDS[language]];
  }

  /** Opens the desk and logs in. */
  static async open(tab: Tab, hotline: Hotline, user: string, language: Language): Promise<DeskPage> {
    const desk = new DeskPage(tab, hotline, language);
    await tab.page.addInitScript((chosen) => localStorage.setItem("walletline.language", chosen), language);
    await tab.page.goto(`${hotline.origin}/desk`);
    await desk.logIn(user, DEMO_PASSWORD);
    await expect(desk.presence).toBeVisible();
    return desk;
  }

  get page() {
    return this.tab.page;
  }

  async logIn(user: string, password: string): Promise<void> {
    const { logIn } = this.words.staff;
    await this.page.getByLabel(logIn.user, { exact: true }).fill(user);
    await this.page.getByLabel(logIn.password, { exact: true }).fill(password);
    await this.page.getByRole("button", { name: logIn.submit, exact: true }).click();
  }

  /** The button that shows the agent's state and opens its menu. */
  get presence(): Locator {
    return this.page.getByRole("button", { name: new RegExp(this.words.staff.presence.menu) });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name });
  }

  async becomes(state: keyof (typeof WORDS)["en"]["staff"]["presence"]["states"]): Promise<void> {
    await expect(this.page.locator(`[data-presence="${state}"]`)).toBeVisible({ timeout: 30_000 });
    await expect(this.presence).toContainText(this.words.staff.presence.states[state]);
  }

  async ready(): Promise<void> {
    await this.presence.click();
    await this.page.getByRole("menuitemradio", { name: this.words.staff.presence.goReady }).or(
      this.page.getByRole("menuitem", { name: this.words.staff.presence.goReady }),
    ).click();
    await this.becomes("ready");
  }

  async notReady(reason: keyof (typeof WORDS)["en"]["staff"]["presence"]["reasons"]): Promise<void> {
    await this.presence.click();
    const name = this.words.staff.presence.reasons[reason];
    await this.page.getByRole("menuitemradio", { name }).or(this.page.getByRole("menuitem", { name })).click();
    await this.becomes("not_ready");
  }

  /** The card of a ringing offer. */
  get card(): Locator {
    return this.page.getByRole("region", { name: this.words.staff.ringing.heading });
  }

  async rings(): Promise<void> {
    await expect(this.answerButton).toBeVisible({ timeout: 40_000 });
  }

  get answerButton(): Locator {
    return this.page.getByRole("button", { name: this.words.staff.ringing.answer });
  }

  async answer(): Promise<void> {
    await this.rings();
    await this.answerButton.click();
    await this.becomes("talking");
  }

  get notes(): Locator {
    return this.page.getByRole("textbox", { name: this.words.staff.notes.label });
  }

  async hangUp(): Promise<void> {
    await this.page.getByRole("button", { name: this.words.hangUp }).click();
    const again = this.page.getByRole("button", { name: this.words.staff.call.hangUpAgain });
    if (await again.isVisible().catch(() => false)) await again.click();
  }

  /** Chooses a result and finishes: ready again. */
  async wrapUp(code: keyof (typeof WORDS)["en"]["staff"]["dispositions"]): Promise<void> {
    await this.page.getByRole("radio", { name: this.words.staff.dispositions[code] }).check({ force: true });
    await this.page.getByRole("button", { name: this.words.staff.wrapUp.finish }).click();
    await this.becomes("ready");
  }

  /** Opens the newest contact of the list. */
  async openNewestRecord(): Promise<void> {
    await this.page.getByRole("region", { name: this.words.staff.phone.recent }).getByRole("button").first().click();
    await expect(this.page.getByRole("heading", { name: this.words.staff.record.heading, exact: true })).toBeVisible();
  }

  async reload(): Promise<void> {
    this.page.once("dialog", (dialog) => void dialog.accept());
    await this.page.goto(`${this.#hotline.origin}/desk`);
    await expect(this.presence).toBeVisible();
  }
}
