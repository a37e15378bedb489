// The fixtures: a hotline for each test, phones and browsers that are closed with it, and what every test demands at its end: no
// personal data in the log, no panic, no violated policy, no script error.

import { test as base, type Browser, expect } from "@playwright/test";
import { Baresip, type Manner } from "./baresip.ts";
import { launch, Tab } from "./browser.ts";
import { DeskPage } from "./desk-page.ts";
import { DEMO_PASSWORD, Hotline, type HotlineOptions } from "./hotline.ts";
import { PhonePage } from "./phone-page.ts";
import { type CallerOptions, SipCaller, SipPhone } from "./sipp.ts";
import { Staff } from "./staff.ts";
import type { Language } from "./words.ts";

export { expect };

/** Tones that no two sides share, and that are no multiples of each other. */
export const TONE = { sipCaller: 700, browserCaller: 430, browserAgent: 1010, sipAgent: 1330 };

export type World = {
  hotline: Hotline;
  /** Dials without waiting for an answer. */
  dial: (options?: CallerOptions) => Promise<SipCaller>;
  /** Dials and talks. */
  call: (options?: CallerOptions & { tone?: number }) => Promise<SipCaller>;
  /** Dials with baresip. */
  baresip: (line: string, toneHz: number, manner?: Manner) => Promise<Baresip>;
  /** Registers baresip as an agent's phone, over TLS, with SRTP and no other; speaks the tone of `sipAgent`. */
  agentWithBaresip: (user: string) => Promise<{ agent: Staff; phone: Baresip }>;
  /** Registers an agent's SIP phone. */
  phone: (user: string) => Promise<SipPhone>;
  /** Somebody outside, whom the carrier at this port rings. */
  outside: (port: number) => Promise<SipPhone>;
  /** Logs in over the API. */
  staff: (user: string) => Promise<Staff>;
  /** An agent with a SIP phone, ready for calls. */
  agentWithPhone: (user: string) => Promise<{ agent: Staff; phone: SipPhone }>;
  /** An agent's desk in a browser, logged in. */
  desk: (user: string, language?: Language) => Promise<DeskPage>;
  /** A customer's phone in a browser. */
  browserPhone: (language?: Language) => Promise<PhonePage>;
  tab: (toneHz?: number, options?: Parameters<typeof Tab.open>[1]) => Promise<Tab>;
};

type Fixtures = { options: HotlineOptions; world: World };

/** A worker's browsers, one for each tone that its microphone plays: starting one costs more than most tests do. */
type WorkerFixtures = { browserOf: (toneHz: number) => Promise<Browser> };

export const test = base.extend<Fixtures, WorkerFixtures>({
  browserOf: [
    async ({}, use) => {
      const browsers = new Map<number, Browser>();
      await use(async (toneHz) => {
        const running = browsers.get(toneHz);
        // A test may have ended it: browsers vanish.
        if (running?.isConnected()) return running;
        const browser = await launch(toneHz);
        browsers.set(toneHz, browser);
        return browser;
      });
      for (const browser of browsers.values()) await browser.close();
    },
    { scope: "worker" },
  ],
  options: [{}, { option: true }],
  world: async ({ options, browserOf }, use, info) => {
    const hotline = await Hotline.start(info.titlePath.slice(-2).join(" "), info.workerIndex % 10, options);
    const closers: (() => Promise<void>)[] = [];
    const tabs: Tab[] = [];
    const closing = <T extends { close: () => Promise<void> }>(thing: T): T => {
      closers.unshift(() => thing.close());
      return thing;
    };
    const tab: World["tab"] = async (toneHz = TONE.browserAgent, tabOptions = {}) => {
      const opened = closing(await Tab.open(await browserOf(toneHz), tabOptions));
      tabs.push(opened);
      return opened;
    };
    const dialled = (caller: SipCaller) => {
      hotline.keepPrivate(caller.number);
      return closing(caller);
    };
    const world: World = {
      hotline,
      tab,
      dial: async (callerOptions) => dialled(await SipCaller.dial(hotline.sip, callerOptions)),
      call: async (callerOptions) => dialled(await SipCaller.call(hotline.sip, callerOptions)),
      baresip: async (line, toneHz, manner = {}) => {
        hotline.keepPrivate("+8619055551234");
        const port = { udp: hotline.sip, tcp: hotline.sipTcp, tls: hotline.sipTls }[manner.transport ?? "udp"];
        return closing(await Baresip.dial(port, line, toneHz, manner));
      },
      agentWithBaresip: async (user) => {
        const manner: Manner = { transport: "tls", mediaenc: "srtp-mand" };
        const phone = closing(await Baresip.register(hotline.sipTls, user, DEMO_PASSWORD, TONE.sipAgent, manner));
        const agent = await world.staff(user);
        if (!["ready", "ringing"].includes(await agent.state())) await agent.ready();
        return { agent, phone };
      },
      phone: async (user) => closing(await SipPhone.register(hotline.sip, user, DEMO_PASSWORD)),
      outside: async (port) => closing(await SipPhone.listen(hotline.sip, port)),
      staff: (user) => Staff.logIn(hotline, user),
      agentWithPhone: async (user) => {
        const phone = await world.phone(user);
        const agent = await world.staff(user);
        // A phone without a desk is ready once it is registered, and may ring already.
        if (!["ready", "ringing"].includes(await agent.state())) await agent.ready();
        return { agent, phone };
      },
      desk: async (user, language = "en") => DeskPage.open(await tab(TONE.browserAgent), hotline, user, language),
      browserPhone: async (language = "en") => PhonePage.open(await tab(TONE.browserCaller), hotline, language),
    };
    let troubles: string[] = [];
    try {
      await use(world);
      troubles = (await Promise.all(tabs.map((each) => each.troubles()))).flat();
    } finally {
      if (info.status !== info.expectedStatus) await Promise.all(tabs.map((each, at) => each.picture(info.outputPath(`tab-${at}.png`))));
      for (const close of closers) await close().catch(() => undefined);
      await hotline.close();
    }
    expect(troubles, "violated policies and script errors").toEqual([]);
    expect(hotline.leaks(), "personal data in the log").toEqual([]);
    expect(hotline.log.split("\n").filter((line) => /panicked at/.test(line)), "panics in the log").toEqual([]);
  },
});
