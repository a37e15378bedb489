// Codes and notices that leave the house by a message centre and a mail server, neither of them ours: they arrive, what became of them is
// on record and on the agent's screen, and the code stands nowhere else.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { axeInBothThemes } from "../src/axe.ts";
import { certificate, MAIL_PASSWORD, Mailbox, Smsc, SMSC_PASSWORD } from "../src/gateways.ts";
import { KEY, lines, opened } from "../src/help.ts";
import { expect, test as base } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, Wallet } from "../src/wallet.ts";

const config = (smsc: number, smtp: number) => `
[[wallet]]
id = "jinqiao"
name = { "zh-CN" = "金桥钱包", en = "Jinqiao Wallet" }
time_zone = "Asia/Shanghai"
numbers = ["+86 1##########", "+44 7#########"]

[wallet.messages]
prefixes = ["+86190"]

[[wallet.messages.sms]]
name = "main"
sender = "Jinqiao"
smpp = "127.0.0.1:${smsc}"
system_id = "walletline"
password = "file:smsc-password"

[wallet.messages.mail]
name = "mail"
server = "127.0.0.1:${smtp}"
encryption = "starttls"
authority = "${certificate().authority}"
user = "care"
password = "file:mail-password"
from = "Jinqiao Wallet <care@jinqiao.example>"

[[wallet]]
id = "harbor"
name = { "zh-CN" = "港湾支付", en = "Harbor Pay" }
numbers = ["+44 7#########", "+86 1##########"]
`;

const test = base.extend<{ centre: Smsc; mailbox: Mailbox }>({
  centre: async ({}, use) => {
    const centre = await Smsc.start();
    await use(centre);
    await centre.stop();
  },
  mailbox: async ({}, use) => {
    const mailbox = await Mailbox.start(certificate());
    await use(mailbox);
    await mailbox.stop();
  },
  options: async ({ centre, mailbox }, use) => {
    const files = { "smsc-password": SMSC_PASSWORD, "mail-password": MAIL_PASSWORD };
    const levels = "trace,walletline=trace,walletline_core=trace,walletline_store=trace";
    await use({ config: config(centre.port, mailbox.port), files, env: { WALLETLINE_LOG: levels } });
  },
});

/** Files below a folder in which these digits stand, whatever the file is. */
function holding(folder: string, digits: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(digits));
}

const codeIn = (text: string) => /\b\d{6}\b/.exec(text)?.[0] ?? "";

test("a code goes out by a message centre, its receipt comes back, and it stands nowhere else", async ({ world, centre }) => {
  new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  centre.throttled = 1;
  await caller.press(`${KEY.en}21#`);
  const message = await centre.untilMessage(CUSTOMER.liNa, /\d{6}/);
  const code = codeIn(message.text);
  world.hotline.keepPrivate(code);
  await until("the receipt is written down and acknowledged", () => centre.acknowledged.includes(0));
  expect(holding(join(world.hotline.folder, "data"), code), "no file holds the code").toEqual([]);
  await caller.press(`${code}#`);
  await lead.untilContact("at A2", (each) => each.level === "A2");
  const timeline = await lead.timeline(contact.id);
  expect(lines(timeline, "message")).toMatchObject([
    { channel: "sms", about: "code", state: "sent" },
    { channel: "sms", about: "code", state: "delivered" },
  ]);
  expect(JSON.stringify(timeline)).not.toContain(code);
  expect(await world.hotline.metric("walletline_smpp_bound")).toBe(1);
  await caller.hangUp();
});

test("the agent sees when a code was sent and when it arrived", async ({ world, centre }) => {
  const wallet = new Wallet(world.hotline);
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ number: CUSTOMER.liNa });
  await caller.press("20");
  await desk.answer();
  await desk.page.getByRole("button", { name: desk.words.staff.verification.verify, exact: true }).click();
  await desk.page.getByRole("button", { name: desk.words.staff.verification.send }).click();
  const message = await centre.untilMessage(CUSTOMER.liNa, /\d{6}/);
  wallet.hotline.keepPrivate(codeIn(message.text));
  const shown = desk.page.locator('[data-message="delivered"]');
  await expect(shown).toHaveText(/\d\d:\d\d:\d\d .*\d\d:\d\d:\d\d/);
  await axeInBothThemes(desk.page, "a code that was delivered");
  expect(await desk.page.content()).not.toContain(codeIn(message.text));
  await caller.hangUp();
});

test("a message centre that comes back is bound again, and what waited is sent", async ({ world, centre }) => {
  new Wallet(world.hotline);
  await until("it is bound", async () => (await world.hotline.metric("walletline_smpp_bound")) === 1);
  centre.drop();
  await until("it is not", async () => (await world.hotline.metric("walletline_smpp_bound")) === 0);
  const caller = await world.call({ number: CUSTOMER.liNa });
  await caller.press(`${KEY.en}21#`);
  const message = await centre.untilMessage(CUSTOMER.liNa, /\d{6}/);
  world.hotline.keepPrivate(codeIn(message.text));
  await until("once", () => centre.messages.length === 1);
  await caller.hangUp();
});

test("a freeze is told by mail, in words and as a page, over TLS", async ({ world, centre, mailbox }) => {
  const wallet = new Wallet(world.hotline);
  mailbox.busy = 1;
  const caller = await world.call({ number: CUSTOMER.liNa });
  await caller.press(`${KEY.en}91#`);
  await caller.rtp.untilSound();
  await caller.press("1");
  await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline");
  const text = await centre.untilMessage(CUSTOMER.liNa, /R\d{9}/);
  const reference = /R\d{9}/.exec(text.text)?.[0] ?? "?";
  const mail = await mailbox.untilMail((each) => each.raw.includes(reference));
  expect(mail.secure).toBe(true);
  expect(mail.raw).toMatch(/^Subject: Message from Jinqiao Wallet/m);
  expect(mail.raw).toMatch(/Content-Type: text\/plain/);
  expect(mail.raw).toMatch(/Content-Type: text\/html/);
  expect(mailbox.mails.length, "what was told to come later came once").toBe(1);
  await caller.hangUp();
});
