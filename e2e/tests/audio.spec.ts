// Audio both ways for every pair of {SIP caller, browser caller} and {browser agent, SIP agent}: a call that connects without
// audio is a failed call. Each test also reads the record, because what it says of the media is all that is left afterwards.

import { expect, TONE, test } from "../src/test.ts";

test("a SIP caller and an agent in the browser hear each other", async ({ world }) => {
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  const legs = desk.tab.page.getByRole("list", { name: desk.words.staff.legs.region }).getByRole("listitem");
  await expect(legs).toHaveText([new RegExp(desk.words.staff.legs.plain), new RegExp(desk.words.staff.legs.encrypted("DTLS-SRTP"))]);
  await expect(legs.first(), "how it sounds is told once it was measured").toContainText(desk.words.staff.legs.quality.good, { timeout: 15_000 });
  await caller.hangUp();
  await desk.becomes("wrap_up");

  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
  expect(contact).toMatchObject({ channel: "voice", line: "8000", wallet: "jinqiao", language: "en", agents: [{ number: expect.stringMatching(/^\d+$/) }] });
  const [customer, agent] = contact.legs;
  expect(customer).toMatchObject({ direction: "inbound", codec: "PCMA", encryption: "none" });
  expect(agent, "a browser speaks Opus, whomever it hears").toMatchObject({ codec: "opus", encryption: "dtls_srtp" });
  expect(customer?.packets).toBeGreaterThan(25);
  expect(agent?.packets).toBeGreaterThan(25);
});

test("a SIP caller and an agent with a SIP phone hear each other", async ({ world }) => {
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller, codec: "PCMU" });
  await caller.press("10");
  const from = await phone.rings();
  expect(from, "the phone shows a masked number").not.toContain(caller.number.slice(-8));
  await phone.answer(TONE.sipAgent);
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  await phone.hangUp();
  await caller.endedByThem();
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
  expect(contact).toMatchObject({ channel: "voice", language: "zh-CN" });
  expect(contact.legs.map((leg) => [leg.direction, leg.codec, leg.encryption])).toEqual([
    ["inbound", "PCMU", "none"],
    ["outbound", "PCMA", "none"],
  ]);
});

test("a caller in the browser and an agent in the browser hear each other", async ({ world }) => {
  const desk = await world.desk("agent2");
  await desk.ready();
  const phone = await world.browserPhone();
  await phone.choose("Li Na", "8000");
  await phone.dial();
  await phone.tab.untilSound();
  await phone.press("20");
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.browserCaller), phone.tab.untilTone(TONE.browserAgent)]);
  await phone.hangUp();
  await desk.becomes("wrap_up");
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
  expect(contact).toMatchObject({ channel: "web_call", language: "en" });
  expect(contact.caller, "the caller's number is masked").not.toMatch(/\d{7}/);
});

test("a caller in the browser and an agent with a SIP phone hear each other", async ({ world }) => {
  const { phone: agent } = await world.agentWithPhone("agent3");
  const phone = await world.browserPhone();
  await phone.choose("Amy Carter", "8001");
  await phone.dial();
  await phone.press("20");
  await agent.rings();
  await agent.answer(TONE.sipAgent);
  await Promise.all([agent.rtp.untilTone(TONE.browserCaller), phone.tab.untilTone(TONE.sipAgent)]);
  await phone.hangUp();
  await agent.endedByThem();
});

test("a muted agent is not heard, and is heard again afterwards", async ({ world }) => {
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await desk.answer();
  await caller.rtp.untilTone(TONE.browserAgent);
  await desk.button(desk.words.mute).click();
  await expect(desk.button(desk.words.unmute)).toBeVisible();
  caller.rtp.forget();
  await expect.poll(() => caller.rtp.heard.length).toBeGreaterThan(8000 * 2);
  expect(caller.rtp.hears(TONE.browserAgent)).toBe(false);
  await desk.button(desk.words.unmute).click();
  await caller.rtp.untilTone(TONE.browserAgent);
});

test("baresip dials, keys the menu, and talks with an agent in the browser", async ({ world }) => {
  const desk = await world.desk("agent1");
  await desk.ready();
  const phone = await world.baresip("8000", TONE.sipCaller);
  await phone.untilSound();
  phone.type("2");
  phone.type("0");
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), phone.untilTone(TONE.browserAgent)]);
  phone.type("b");
  await desk.becomes("wrap_up");
});

for (const [mediaenc, profile] of [
  ["srtp-mand", "a secure profile"],
  ["srtp", "keys beside a plain profile"],
] as const) {
  test(`baresip with SRTP, offered as ${profile}, and an agent in the browser hear each other`, async ({ world }) => {
    const desk = await world.desk("agent1");
    await desk.ready();
    const phone = await world.baresip("8000", TONE.sipCaller, { mediaenc });
    await phone.untilSound();
    phone.type("2");
    phone.type("0");
    await desk.answer();
    await Promise.all([desk.tab.untilTone(TONE.sipCaller), phone.untilTone(TONE.browserAgent)]);
    phone.type("b");
    await desk.becomes("wrap_up");
    // The phone's own report, and ours.
    expect(phone.output).toMatch(/SRTP is Enabled \(cryptosuite=AES_CM_128_HMAC_SHA1_80\)/);
    const lead = await world.staff("lead1");
    const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
    expect(contact.legs.map((leg) => leg.encryption)).toEqual(["srtp_sdes:AES_CM_128_HMAC_SHA1_80", "dtls_srtp"]);
  });
}

for (const transport of ["tcp", "tls"] as const) {
  test(`baresip calls over ${transport}, and the connection is counted while it is open`, async ({ world }) => {
    const phone = await world.baresip("8000", TONE.sipCaller, { transport });
    await phone.untilSound();
    const metrics = () => fetch(`http://127.0.0.1:${world.hotline.internal}/metrics`).then((response) => response.text());
    expect(await metrics()).toContain(`walletline_sip_connections{transport="${transport}"} 1`);
    phone.type("b");
    const lead = await world.staff("lead1");
    await lead.untilContact("with its end", (contact) => contact.ended_at !== null);
  });
}
