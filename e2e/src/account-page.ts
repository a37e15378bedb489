// The pages on which a customer helps themselves, as their phone shows them.

import { expect, type Page } from "@playwright/test";
import type { Hotline } from "./hotline.ts";

export class AccountPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** From the help centre's first page to the field for the number. */
  static async open(page: Page, hotline: Pick<Hotline, "origin">, language: string, wallet = "jinqiao"): Promise<AccountPage> {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${hotline.origin}/help?lang=${language}&wallet=${wallet}`);
    await page.locator('main a[href="/help/account"]').click();
    await expect(page.locator("#number")).toBeVisible();
    return new AccountPage(page);
  }

  async #send(action: string): Promise<void> {
    await this.page.locator(`form[action="/help/account${action}"] button[type=submit]`).click();
  }

  async name(number: string): Promise<void> {
    await this.page.locator("#number").fill(number);
    await this.#send("");
  }

  async enter(code: string): Promise<void> {
    await this.page.locator("#code").fill(code);
    await this.#send("/code");
  }

  async find(transaction: string): Promise<void> {
    await this.page.locator("#transaction").fill(transaction);
    await this.#send("/transaction");
  }

  watch(): Promise<void> {
    return this.#send("/transaction/watch");
  }

  lookAtRefund(): Promise<void> {
    return this.#send("/refund");
  }

  /** Asks for what is offered, with a code of the authenticator or without. */
  async askForRefund(code?: string): Promise<void> {
    if (code !== undefined) await this.page.locator("#second").fill(code);
    await this.#send("/refund/request");
  }

  /** Has something done to the account, as far as the page that says what came of it. */
  async act(name: string): Promise<void> {
    await this.page.locator(`a[href="/help/account/acts/${name}"]`).click();
    await this.#send(`/acts/${name}`);
  }

  leave(): Promise<void> {
    return this.#send("/leave");
  }
}
