// The demo phone as a customer uses it.

import { expect, type Locator } from "@playwright/test";
import type { Tab } from "./browser.ts";
import type { Hotline } from "./hotline.ts";
import { type Language, WORDS } from "./words.ts";

export class PhonePage {
  readonly tab: Tab;
  readonly words: (typeof WORDS)[Language];

  constructor(tab: Tab, language: Language) {
    [this.tab, this.words] = [tab, WORDS[language]];
  }

  static async open(tab: Tab, hotline: Pick<Hotline, "origin">, language: Language): Promise<PhonePage> {
    await tab.page.addInitScript((chosen) => localStorage.setItem("walletline.language", chosen), language);
    await tab.page.goto(`${hotline.origin}/demo/phone`);
    const phone = new PhonePage(tab, language);
    await expect(phone.page.getByRole("heading", { name: phone.words.phone.title })).toBeVisible();
    return phone;
  }

  get page() {
    return this.tab.page;
  }

  get callButton(): Locator {
    return this.page.getByRole("button", { name: new RegExp(`^(${this.words.phone.dialler.call}|${this.words.phone.dialler.dial("\\d+")})`) });
  }

  async choose(customer: string, line: string): Promise<void> {
    const { phone } = this.words;
    await this.pick(phone.customer.label, customer);
    await this.pick(phone.line.label, line);
  }

  /** A native select, or a group of radio buttons. */
  private async pick(label: string, wanted: string): Promise<void> {
    const select = this.page.getByRole("combobox", { name: label });
    if (await select.isVisible().catch(() => false)) {
      const option = select.locator("option", { hasText: wanted }).first();
      await select.selectOption((await option.getAttribute("value")) ?? wanted);
      return;
    }
    await this.page.getByRole("radio", { name: new RegExp(wanted) }).check({ force: true });
  }

  async dial(): Promise<void> {
    await this.callButton.click();
    await expect(this.page.getByText(this.words.phone.states.talking)).toBeVisible();
  }

  async press(keys: string): Promise<void> {
    for (const key of keys) await this.page.getByRole("button", { name: this.words.phone.dialler.key(key), exact: true }).click();
  }

  async hangUp(): Promise<void> {
    await this.page.getByRole("button", { name: this.words.hangUp }).click();
  }
}
