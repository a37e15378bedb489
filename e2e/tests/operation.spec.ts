// The program as its operator meets it: configuration errors, health, figures, a production start from a file, and staff.

import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { test as plain } from "@playwright/test";
import { Hotline } from "../src/hotline.ts";
import { RATE_HZ, sine, wav } from "../src/sound.ts";
import { expect, test } from "../src/test.ts";

const PRODUCTION = `
[[wallet]]
id = "acme"
name = { "zh-CN" = "测试钱包", en = "Acme Wallet" }
[[line]]
number = "7000"
wallet = "acme"
languages = ["en", "zh-CN"]
${["general", "account", "transactions", "security", "refunds", "features"].map((queue) => `[[queue]]\nid = "acme-${queue}"\nwallet = "acme"\n`).join("")}
`;

/** Configurations that are refused, and the key that the one line must name. */
const REFUSED: [what: string, config: string, env: Record<string, string>, names: RegExp][] = [
  ["an unknown key", '[http]\nlisten_on = "127.0.0.1:1"\n', {}, /http\.listen_on/],
  ["an unknown section", "[nonsense]\na = 1\n", {}, /nonsense/],
  ["a bad value", '[data]\nkeep_contacts_days = "many"\n', {}, /data\.keep_contacts_days/],
  ["a bad variable", "", { WALLETLINE_SIP_UDP: "somewhere" }, /WALLETLINE_SIP_UDP/],
  ["no TOML at all", "= = =\n", {}, /line \d+/],
  ["HTTP off loopback without a certificate", "", { WALLETLINE_HTTP_LISTEN: "0.0.0.0:0" }, /http\.listen|WALLETLINE_HTTP_LISTEN/],
  ["a line of no wallet", '[[line]]\nnumber = "1"\nwallet = "nobody"\n', {}, /wallet/],
];

plain.describe("a configuration error is one line that names the key, exit 1, and nothing half-started:", () => {
  for (const [what, config, env, names] of REFUSED) {
    plain(what, async ({}, info) => {
      const whole = config.includes("[[line]]") ? config : PRODUCTION + config;
      const hotline = await Hotline.prepare(info.title, info.workerIndex, { demo: false, config: whole, env });
      const refused = hotline.refusal();
      expect(refused.status).toBe(1);
      expect(refused.stderr.trim().split("\n"), refused.stderr).toHaveLength(1);
      expect(refused.stderr).toMatch(names);
      expect(refused.stdout).toBe("");
      await hotline.close();
    });
  }

  plain("no wallet and no line", async ({}, info) => {
    const hotline = await Hotline.prepare(info.title, info.workerIndex, { demo: false });
    const refused = hotline.refusal();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/wallet/);
    await hotline.close();
  });

  plain("a port in use: HTTP, internal, SIP", async ({}, info) => {
    for (const [which, key] of [["http", "http.listen"], ["internal", "http.internal"], ["sip", "sip.udp"]] as const) {
      const hotline = await Hotline.prepare(`${info.title} ${which}`, info.workerIndex);
      const taken =
        which === "sip"
          ? createSocket("udp4").bind(hotline.sip, "127.0.0.1")
          : createServer().listen(which === "http" ? hotline.http : hotline.internal, "127.0.0.1");
      await new Promise((resolve) => taken.once("listening", resolve));
      const refused = hotline.refusal();
      expect(refused.status, key).toBe(1);
      expect(refused.stderr.trim().split("\n"), refused.stderr).toHaveLength(1);
      expect(refused.stderr).toMatch(new RegExp(`${key.replace(".", "\\.")}|${key.toUpperCase().replace(".", "_")}`));
      await new Promise<void>((resolve) => taken.close(() => resolve()));
      await hotline.close();
    }
  });

  plain("--demo off loopback", async ({}, info) => {
    const hotline = await Hotline.prepare(info.title, info.workerIndex, { env: { WALLETLINE_SIP_UDP: "0.0.0.0:0" } });
    const refused = hotline.refusal();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/loopback/);
    await hotline.close();
  });

  plain("a wrong word on the command line exits 2", async ({}, info) => {
    const hotline = await Hotline.prepare(info.title, info.workerIndex);
    expect(hotline.command("dance").status).toBe(2);
    expect(hotline.command("--version")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^walletline \d/) });
    await hotline.close();
  });
});

test("alive and ready are told apart, and figures stand on the internal listener alone", async ({ world }) => {
  const { hotline } = world;
  expect((await fetch(`${hotline.origin}/healthz`)).status).toBe(200);
  expect((await fetch(`${hotline.origin}/readyz`)).status).toBe(200);
  expect((await fetch(`${hotline.origin}/metrics`)).status).toBe(404);
  const caller = await world.call();
  await caller.rtp.untilSound();
  const text = await (await fetch(`http://127.0.0.1:${hotline.internal}/metrics`)).text();
  for (const figure of ["calls", "legs", "packets", "queue", "agents", "commits"]) {
    expect(text, figure).toMatch(new RegExp(`^walletline_\\w*${figure.replace(/s$/, "")}`, "m"));
  }
  await caller.hangUp();
});

test("pages carry a strict policy, and the API answers in problem+json", async ({ world }) => {
  const { origin } = world.hotline;
  for (const path of ["/desk", "/demo/phone"]) {
    const response = await fetch(`${origin}${path}`);
    expect(response.status, path).toBe(200);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy, path).toMatch(/script-src 'self'/);
    expect(policy, path).not.toMatch(/unsafe-inline|unsafe-eval/);
    expect(response.headers.get("x-content-type-options"), path).toBe("nosniff");
  }
  const refused = await fetch(`${origin}/api/v1/me/state`);
  expect(refused.status).toBe(401);
  expect(refused.headers.get("content-type")).toMatch(/application\/problem\+json/);
  const lead = await world.staff("lead1");
  const cookie = (await fetch(`${origin}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-walletline": "1" },
    body: JSON.stringify({ user: "agent1", password: "walletline-demo" }),
  })).headers.getSetCookie()[0] ?? "";
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Strict/i);
  const bare = await fetch(`${origin}/api/v1/session`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  expect(await bare.json()).toMatchObject({ type: expect.stringMatching(/missing-header$/) });
  expect((await lead.request("GET", "/api/v1/contacts/ct_nonsense")).status).toBe(404);
});

test("the demo's API tells customers and lines as they are announced", async ({ world }) => {
  const customers = (await (await fetch(`${world.hotline.origin}/demo/api/customers`)).json()) as { name: string; msisdn: string; account: string }[];
  expect(customers.map((each) => each.msisdn)).toEqual(["+8619000000001", "+8619000000002", "+447700900003", "+8619000000004", "+8619000000005"]);
  expect(customers.map((each) => each.account)).toEqual(["W100001", "W100002", "W100003", "W100004", "W100005"]);
  const lines = (await (await fetch(`${world.hotline.origin}/demo/api/lines`)).json()) as { number: string }[];
  expect(lines.map((each) => each.number)).toEqual(["8000", "8001"]);
  expect(world.hotline.banner).toMatch(/agent1/);
  expect(world.hotline.banner).toMatch(/sip:8000@127\.0\.0\.1/);
  expect(world.hotline.banner).toContain(`${world.hotline.origin}/desk`);
});

test.describe("a production start from a file", () => {
  test.use({ options: { demo: false, config: PRODUCTION } });
  test("contains no demo data, and its staff log in by a link that works once", async ({ world }) => {
    const { hotline } = world;
    expect((await fetch(`${hotline.origin}/demo/phone`)).status).toBe(404);
    expect((await fetch(`${hotline.origin}/demo/api/customers`)).status).toBe(404);
    const demoLogIn = await fetch(`${hotline.origin}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-walletline": "1" },
      body: JSON.stringify({ user: "agent1", password: "walletline-demo" }),
    });
    expect(demoLogIn.status).toBe(401);
    expect(await (await world.dial({ line: "8000" })).refused()).toBe(404);
    const caller = await world.call({ line: "7000" });
    await caller.rtp.untilSound();
    await caller.hangUp();

    const added = hotline.command("staff", "add", "mei", "--role", "agent");
    expect(added.status, added.stderr).toBe(0);
    const token = /#(\S+)/.exec(added.stdout)?.[1] ?? "";
    expect(token.length).toBeGreaterThan(20);
    hotline.keepPrivate(token);
    const welcome = (password: string) =>
      fetch(`${hotline.origin}/api/v1/password`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-walletline": "1" },
        body: JSON.stringify({ token, password }),
      });
    expect((await welcome("short")).status).toBe(422);
    const entered = await welcome("a-long-enough-password");
    expect(entered.status).toBe(200);
    expect(await entered.json()).toMatchObject({ user: "mei", role: "agent" });
    expect((await welcome("another-long-password")).status).toBeGreaterThanOrEqual(400);
  });
});

test.describe("an operator's own greeting", () => {
  const files = {
    "data/prompts/en.toml": '[prompts]\n"welcome.acme" = "This is Acme."\n',
    "data/prompts/en/welcome.acme.wav": wav(sine(600, 0, RATE_HZ * 3), RATE_HZ),
  };
  test.use({ options: { demo: false, config: PRODUCTION, files } });
  test("is heard instead of the general one", async ({ world }) => {
    const caller = await world.call({ line: "7000" });
    await caller.rtp.untilTone(600);
    await caller.hangUp();
  });
});

plain("a text without its recording is refused at the start, with the path where it is looked for", async ({}, info) => {
  const files = { "data/prompts/en.toml": '[prompts]\n"welcome.acme" = "This is Acme."\n' };
  const hotline = await Hotline.prepare(info.title, info.workerIndex, { demo: false, config: PRODUCTION, files });
  const refused = hotline.refusal();
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/data\/prompts\/en\/welcome\.acme\.wav/);
  await hotline.close();
});

test("a phone with a wrong password is not registered, and guessing is slowed down", async ({ world }) => {
  const { SipPhone, freeUdpPort } = await import("../src/sipp.ts");
  expect(await SipPhone.tryRegister(world.hotline.sip, "agent1", "wrong-password", await freeUdpPort())).toBe(false);
  expect(await SipPhone.tryRegister(world.hotline.sip, "nobody", "walletline-demo", await freeUdpPort())).toBe(false);
  expect(await SipPhone.tryRegister(world.hotline.sip, "agent1", "walletline-demo", await freeUdpPort())).toBe(true);
  let refused = 0;
  for (let round = 0; round < 60 && refused === 0; round += 1) {
    const response = await fetch(`${world.hotline.origin}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-walletline": "1" },
      body: JSON.stringify({ user: "agent2", password: `wrong-${round}` }),
    });
    if (response.status === 429) refused += 1;
    else expect(response.status).toBe(401);
  }
  expect(refused, "too many tries are refused").toBe(1);
});
