// A caller's page loses its connection in the middle of a call: the call goes on, and the page comes back to it.

import { expect, TONE, test } from "../src/test.ts";
import { PhonePage } from "../src/phone-page.ts";
import { Way } from "../src/way.ts";

let way: Way | null = null;

test.afterEach(() => {
  way?.close();
  way = null;
});

test("a call outlives its page's connection, and the page can still hang up", async ({ world }) => {
  way = await Way.to(world.hotline.origin);
  const { phone: agent } = await world.agentWithPhone("agent3");
  const tab = await world.tab(TONE.browserCaller);
  const phone = await PhonePage.open(tab, way, "en");
  await phone.choose("Amy Carter", "8001");
  await phone.dial();
  await phone.press("20");
  await agent.rings();
  await agent.answer(TONE.sipAgent);
  const heard = () => Promise.all([agent.rtp.untilTone(TONE.browserCaller), tab.untilTone(TONE.sipAgent)]);
  await heard();

  for (const round of [1, 2]) {
    const before = way.connections;
    way.cut();
    agent.rtp.forget();
    await heard();
    way.mend();
    await expect.poll(() => way?.connections, { message: `the page comes back for time ${round}` }).toBeGreaterThan(before);
    agent.rtp.forget();
    await heard();
    await expect(phone.page.getByText(phone.words.phone.states.talking)).toBeVisible();
  }
  await phone.hangUp();
  await agent.endedByThem();
});

test("a page that does not come back has hung up, and its agent is free", async ({ world }) => {
  way = await Way.to(world.hotline.origin);
  const { agent, phone: theirs } = await world.agentWithPhone("agent3");
  const tab = await world.tab(TONE.browserCaller);
  const phone = await PhonePage.open(tab, way, "en");
  await phone.choose("Amy Carter", "8001");
  await phone.dial();
  await phone.press("20");
  await theirs.rings();
  await theirs.answer(TONE.sipAgent);
  await tab.untilTone(TONE.sipAgent);
  way.cut();
  await theirs.endedByThem(60);
  await expect(phone.page.getByText(phone.words.phone.ended.lost)).toBeVisible();
  const contact = await agent.untilContact("with its end", (each) => each.ended_at !== null);
  expect(contact.channel).toBe("web_call");
});

test("nobody comes back with another ticket, and a call that is left ends at once", async ({ world }) => {
  const { phone: agent } = await world.agentWithPhone("agent3");
  const tab = await world.tab(TONE.browserCaller);
  const phone = await PhonePage.open(tab, world.hotline, "en");
  const answer = await tab.page.evaluate(
    (ticket) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${location.origin.replace("http", "ws")}/demo/api/call`);
        socket.onopen = () => socket.send(JSON.stringify({ type: "return", ticket }));
        socket.onmessage = ({ data }) => resolve(JSON.parse(data));
      }),
    "0".repeat(64),
  );
  expect(answer).toEqual({ type: "ended", cause: "failed" });

  await phone.choose("Amy Carter", "8001");
  await phone.dial();
  await phone.press("20");
  await agent.rings();
  await agent.answer(TONE.sipAgent);
  await tab.untilTone(TONE.sipAgent);
  await tab.page.goto(`${world.hotline.origin}/help`);
  await agent.endedByThem(5);
});
