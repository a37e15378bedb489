// The desk from log-in to wrap-up and back to ready, by mouse and by keyboard alone, and what it survives.

import { expect, TONE, test } from "../src/test.ts";
import { until } from "../src/wait.ts";

test("a wrong password is refused in words, and the right one opens the desk", async ({ world }) => {
  const desk = await world.desk("agent1");
  const { staff } = desk.words;
  await desk.presence.click();
  await desk.page.getByRole("menuitem", { name: staff.presence.logOut }).click();
  await desk.logIn("agent1", "walletline-wrong");
  await expect(desk.page.getByRole("alert")).toHaveText(desk.words.problems["wrong-credentials"]);
  await desk.logIn("agent1", "walletline-demo");
  await expect(desk.presence).toBeVisible();
});

test("from ready to wrap-up and ready again, with what the menu learned on the card", async ({ world }) => {
  const desk = await world.desk("agent1");
  await desk.becomes("not_ready");
  await desk.ready();
  const caller = await world.call({ number: "+8619000000001", tone: TONE.sipCaller });
  await caller.press("2231");
  await desk.rings();
  const card = desk.card;
  await expect(card).toContainText(desk.words.services.transactions);
  await expect(card).toContainText("English");
  await expect(card).toContainText("190****0001");
  await expect(card).not.toContainText("19000000001");
  await expect(card).toContainText(/\d+ s left/);
  await desk.answer();
  await caller.rtp.untilTone(TONE.browserAgent);

  await desk.notes.fill("asked about a payment");
  await expect(desk.page.getByText(/^Saved /)).toBeVisible();
  await desk.hangUp();
  await caller.endedByThem();
  await desk.becomes("wrap_up");
  await desk.wrapUp("dispute_opened");

  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its disposition", (each) => each.disposition === "dispute_opened");
  expect(contact).toMatchObject({ service: "transactions", language: "en", level: "A1" });
  const timeline = await lead.timeline(contact.id);
  const kinds = timeline.map((entry) => entry.kind);
  for (const kind of ["said", "keyed", "queued", "offered", "connected", "note", "ended"]) expect(kinds, kind).toContain(kind);
  expect(timeline.find((entry) => entry.kind === "ended")).toMatchObject({ by: "agent" });
});

test("the agent's number is announced on connection, and is the one on record", async ({ world }) => {
  const { phone, agent } = await world.agentWithPhone("agent1");
  const caller = await world.call();
  await caller.press("20");
  await phone.rings();
  await phone.answer(0);
  const contact = await agent.untilContact("connected", (each) => each.connected_at !== null);
  await until("the announcement is on record", async () => {
    const timeline = await agent.timeline(contact.id);
    const announced = timeline.filter((entry) => entry.kind === "said").at(-1);
    return String(announced?.words ?? "").includes("agent") ? announced : null;
  });
  const connected = (await agent.timeline(contact.id)).find((entry) => entry.kind === "connected");
  expect(connected).toMatchObject({ number: agent.me.number });
  await caller.hangUp();
});

test("an offer that nobody takes goes to the next agent, and two missed ones stop the offers", async ({ world }) => {
  test.setTimeout(240_000);
  const first = await world.agentWithPhone("agent1");
  const caller = await world.call();
  await caller.press("20");
  await first.phone.rings();
  const second = await world.agentWithPhone("agent2");
  await second.phone.rings(60);
  await first.phone.cancelled();
  await second.phone.answer(900);
  await caller.rtp.untilTone(900);
  const contact = await second.agent.untilContact("connected", (each) => each.connected_at !== null);
  const offered = (await second.agent.timeline(contact.id)).filter((entry) => entry.kind === "offered");
  expect(offered.map((entry) => [entry.number, entry.outcome])).toEqual([
    [first.agent.me.number, "missed"],
    [second.agent.me.number, "accepted"],
  ]);
  await caller.hangUp();

  const again = await world.call();
  await again.press("20");
  await first.phone.rings();
  await first.phone.cancelled(60);
  await first.agent.untilState("not_responding");
  await again.hangUp();
});

test("an agent who declines gives the caller to the next one", async ({ world }) => {
  const first = await world.agentWithPhone("agent1");
  const caller = await world.call();
  await caller.press("20");
  await first.phone.rings();
  const second = await world.agentWithPhone("agent2");
  await first.phone.decline();
  await second.phone.rings();
  await second.phone.answer(900);
  await caller.rtp.untilTone(900);
  await caller.hangUp();
});

test("the agent who has been idle longest is offered the next caller", async ({ world }) => {
  const first = await world.agentWithPhone("agent1");
  const second = await world.agentWithPhone("agent2");
  const caller = await world.call();
  await caller.press("20");
  await first.phone.rings();
  const other = await world.call();
  await other.press("20");
  await second.phone.rings();
  await caller.hangUp();
  await other.hangUp();
});

test("a caller who chose Chinese is not offered to an agent who speaks English alone", async ({ world }) => {
  await world.agentWithPhone("agent3");
  const lead = await world.staff("lead1");
  const caller = await world.call();
  await caller.press("10");
  const contact = await lead.untilContact("in the queue", (each) => each.queued_at !== null);
  const both = await world.agentWithPhone("agent2");
  await both.phone.rings();
  await both.phone.answer(900);
  await caller.rtp.untilTone(900);
  const offered = (await lead.timeline(contact.id)).filter((entry) => entry.kind === "offered");
  expect(offered.map((entry) => entry.number)).toEqual([both.agent.me.number]);
  await caller.hangUp();
});

test("notes survive a reload, and a reload keeps the caller with music until the call is resumed", async ({ world }) => {
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await desk.answer();
  await desk.tab.untilTone(TONE.sipCaller);
  await desk.notes.fill("half a sentence");
  await expect(desk.page.getByText(/^Saved /)).toBeVisible();

  await desk.reload();
  await caller.rtp.untilSound(10);
  await desk.button(desk.words.staff.lost.resume).click();
  await desk.becomes("talking");
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  await expect(desk.notes).toHaveValue("half a sentence");
  const lead = await world.staff("lead1");
  const [contact] = await lead.contacts();
  const queued = (await lead.timeline(contact?.id ?? "")).filter((entry) => entry.kind === "queued");
  expect(queued).toHaveLength(1);
  await caller.hangUp();
});

test("a browser that does not come back puts its caller back at the front of the queue", async ({ world }) => {
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await desk.answer();
  await desk.tab.untilTone(TONE.sipCaller);
  await desk.page.context().browser()?.close();
  const lead = await world.staff("lead1");
  const [contact] = await lead.contacts();
  const requeued = async () => (await lead.timeline(contact?.id ?? "")).filter((entry) => entry.kind === "queued").length === 2;
  await until("the caller is queued again", requeued, 60);
  const other = await world.agentWithPhone("agent2");
  await other.phone.rings();
  await other.phone.answer(900);
  await caller.rtp.untilTone(900);
  await caller.hangUp();
});

test("from log-in to wrap-up by keyboard alone", async ({ world }) => {
  const tab = await world.tab();
  const { page } = tab;
  await page.addInitScript(() => localStorage.setItem("walletline.language", "en"));
  await page.goto(`${world.hotline.origin}/desk`);
  await expect(page.getByRole("button", { name: "Log in", exact: true })).toBeVisible();
  const focusOn = async (what: string) => {
    for (let presses = 0; presses < 40; presses += 1) {
      const name = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return element?.labels?.[0]?.textContent ?? element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      });
      if (name.includes(what)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${what} cannot be reached with Tab`);
  };
  await focusOn("User name");
  await page.keyboard.type("agent1");
  await focusOn("Password");
  await page.keyboard.type("walletline-demo");
  await page.keyboard.press("Enter");
  await expect(page.locator('[data-presence="not_ready"]')).toBeVisible();
  await page.keyboard.press("Alt+KeyR");
  await expect(page.locator('[data-presence="ready"]')).toBeVisible();

  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await expect(page.locator('[data-presence="ringing"]')).toBeVisible();
  await page.keyboard.press("Alt+KeyA");
  await expect(page.locator('[data-presence="talking"]')).toBeVisible();
  await Promise.all([tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  await page.keyboard.press("Alt+KeyN");
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Alt+KeyX");
  await page.keyboard.press("Alt+KeyX");
  await caller.endedByThem();
  await expect(page.locator('[data-presence="wrap_up"]')).toBeVisible();
  await page.keyboard.press("Alt+KeyW");
  await page.keyboard.press("Digit1");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator('[data-presence="ready"]')).toBeVisible();
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its disposition", (each) => each.disposition !== null);
  const note = (await lead.timeline(contact.id)).find((entry) => entry.kind === "note");
  expect(note?.text).toContain("by keyboard");
});

test("a second tab does not fight for the calls, and can take over", async ({ world }) => {
  const desk = await world.desk("agent1");
  const second = await desk.page.context().newPage();
  await second.goto(`${world.hotline.origin}/desk`);
  await expect(second.getByText(desk.words.staff.otherTab.heading)).toBeVisible();
  await second.getByRole("button", { name: desk.words.staff.otherTab.takeOver }).click();
  await expect(second.locator("[data-presence]")).toBeVisible();
  await expect(desk.page.getByText(desk.words.staff.otherTab.heading)).toBeVisible();
});

test("an agent sees the contacts of others no more than a stranger does", async ({ world }) => {
  const { phone, agent } = await world.agentWithPhone("agent1");
  const caller = await world.call();
  await caller.press("20");
  await phone.rings();
  await phone.answer(900);
  await caller.rtp.untilTone(900);
  await caller.hangUp();
  const contact = await agent.untilContact("of the agent's own");
  const other = await world.staff("agent2");
  expect((await other.contacts()).map((each) => each.id)).not.toContain(contact.id);
  expect([403, 404]).toContain((await other.request("GET", `/api/v1/contacts/${contact.id}`)).status);
  const stranger = await fetch(`${world.hotline.origin}/api/v1/contacts/${contact.id}`);
  expect(stranger.status).toBe(401);
  expect(await stranger.json()).toMatchObject({ type: expect.stringMatching(/not-logged-in$/) });
});
