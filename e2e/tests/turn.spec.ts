// A browser that cannot reach us but through a TURN server: audio both ways, and a call that outlives the way it was set up over.

import { Coturn, TURN_SECRET } from "../src/coturn.ts";
import { PhonePage } from "../src/phone-page.ts";
import { expect, TONE, test } from "../src/test.ts";

let coturn: Coturn;

test.beforeAll(async () => {
  coturn = await Coturn.start();
});

test.afterAll(() => coturn.close());

/** Runs in the page before its own scripts: no way but a relay, and its offers are counted. */
function relayOnly(): void {
  const w = window as unknown as { e2eOffers: number; RTCPeerConnection: typeof RTCPeerConnection };
  w.e2eOffers = 0;
  const Original = w.RTCPeerConnection;
  w.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceTransportPolicy: "relay" });
      const offer = this.createOffer.bind(this) as (options?: RTCOfferOptions) => Promise<RTCSessionDescriptionInit>;
      this.createOffer = ((options?: RTCOfferOptions) => {
        w.e2eOffers += 1;
        return offer(options);
      }) as typeof this.createOffer;
    }
  };
}

test.use({
  options: async ({}, use) => {
    const config = `[ice]\nturn = [{ urls = ["${coturn.url}"], secret = "env:E2E_TURN_SECRET" }]\n`;
    await use({ config, env: { E2E_TURN_SECRET: TURN_SECRET } });
  },
});

test("a call over a relay is heard both ways, and goes on over another one", async ({ world }) => {
  const { phone: agent } = await world.agentWithPhone("agent3");
  const tab = await world.tab(TONE.browserCaller);
  await tab.page.addInitScript(relayOnly);
  const phone = await PhonePage.open(tab, world.hotline, "en");
  const settings = await (await fetch(`${world.hotline.origin}/api/public/call-settings`)).json();
  expect(settings.ice_servers).toEqual([{ urls: [coturn.url], username: expect.stringMatching(/^\d+:\w+$/), credential: expect.any(String) }]);
  await phone.choose("Amy Carter", "8001");
  await phone.dial();
  await phone.press("20");
  await agent.rings();
  await agent.answer(TONE.sipAgent);
  const heard = () => Promise.all([agent.rtp.untilTone(TONE.browserCaller), tab.untilTone(TONE.sipAgent)]);
  await heard();
  expect(coturn.allocations, "the call runs over the relay").toBeGreaterThan(0);

  // The computer is on another network: a new way at once, without a pause that anybody would call one.
  const offers = () => tab.page.evaluate(() => (window as unknown as { e2eOffers: number }).e2eOffers);
  const [before, relays] = [await offers(), coturn.allocations];
  await tab.page.evaluate(() => dispatchEvent(new Event("online")));
  await expect.poll(() => coturn.allocations).toBeGreaterThan(relays);
  expect(await offers()).toBeGreaterThan(before);
  agent.rtp.forget();
  await heard();

  // The relay dies with everything it knew: the call finds the next one.
  await coturn.stop();
  await coturn.run();
  await expect.poll(() => coturn.allocations, { timeout: 30_000 }).toBeGreaterThan(relays + 1);
  agent.rtp.forget();
  await heard();
  await phone.hangUp();
  await agent.endedByThem();
});
