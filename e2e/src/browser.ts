// Chromium as agent and as customer: a fake microphone that plays a tone, and an ear in the page that measures what arrives.
// Every page is watched for violations of its Content-Security-Policy and for errors of its scripts.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "@playwright/test";
import { sine, wav } from "./sound.ts";
import { until } from "./wait.ts";

const OUT = join(dirname(fileURLToPath(import.meta.url)), "../out");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const WAV_RATE_HZ = 48_000;

/** How far a tone may be from where it is looked for: two bins of the analyser. */
const NEAR_HZ = 15;

/**
 * A microphone that beeps: noise suppression takes a steady tone for noise, as it should. A whole number of periods in each beep
 * keeps it free of clicks.
 */
function microphone(hz: number): string {
  const path = join(OUT, `tone-${hz}.wav`);
  if (existsSync(path)) return path;
  const samples = new Int16Array(WAV_RATE_HZ * 4);
  const [on, period] = [WAV_RATE_HZ * 0.35, WAV_RATE_HZ * 0.5];
  for (let at = 0; at < samples.length; at += period) samples.set(sine(hz, 0, on, WAV_RATE_HZ), at);
  mkdirSync(OUT, { recursive: true });
  writeFileSync(path, wav(samples, WAV_RATE_HZ));
  return path;
}

export function launch(toneHz: number): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-audio-capture=${microphone(toneHz)}`,
      "--autoplay-policy=no-user-gesture-required",
      // Addresses in the SDP as they are: mDNS needs a responder that no test machine has.
      "--disable-features=WebRtcHideLocalIpsWithMdns",
    ],
  });
}

/** What the ear in a page heard last: the strongest frequency and its level. */
type Heard = { hz: number; db: number };

/** Runs in the page before its own scripts: listens at every remote track, and counts violations. */
function ear(): void {
  const w = window as unknown as { e2eHeard: () => Heard; e2eViolations: string[]; RTCPeerConnection: typeof RTCPeerConnection };
  w.e2eViolations = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    w.e2eViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
  let analyser: AnalyserNode | null = null;
  const Original = w.RTCPeerConnection;
  w.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener("track", (event) => {
        const context = new AudioContext();
        const node = context.createAnalyser();
        node.fftSize = 8192;
        node.smoothingTimeConstant = 0;
        context.createMediaStreamSource(new MediaStream([event.track])).connect(node);
        analyser = node;
      });
    }
  };
  w.e2eHeard = () => {
    if (!analyser) return { hz: 0, db: -200 };
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    let strongest = 0;
    for (let i = 1; i < bins.length; i += 1) if ((bins[i] ?? -200) > (bins[strongest] ?? -200)) strongest = i;
    return { hz: (strongest * analyser.context.sampleRate) / analyser.fftSize, db: bins[strongest] ?? -200 };
  };
}

/** A page with an ear, and everything that went wrong on it. */
export class Tab {
  readonly page: Page;
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(`script error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content Security Policy/i.test(message.text())) this.errors.push(message.text());
    });
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
    const context = await browser.newContext({ locale: "en-GB", permissions: ["microphone"], viewport: { width: 1366, height: 900 }, ...options });
    await context.addInitScript(ear);
    return new Tab(await context.newPage());
  }

  /** Closes the tab with all that its context holds: cookies, workers, calls. */
  async close(): Promise<void> {
    await this.page.context().close();
  }

  heard(): Promise<Heard> {
    return this.page.evaluate(() => (window as unknown as { e2eHeard: () => Heard }).e2eHeard());
  }

  /** Resolves once this tone is the strongest sound that arrives. */
  async untilTone(hz: number, seconds = 20): Promise<void> {
    let seen: Heard = { hz: 0, db: -200 };
    const ask = async () => {
      seen = await this.heard();
      return Math.abs(seen.hz - hz) <= NEAR_HZ && seen.db > -60;
    };
    await until(`the page hears ${hz} Hz`, ask, seconds, () => `but ${seen.hz.toFixed(0)} Hz at ${seen.db.toFixed(0)} dB`);
  }

  /** Resolves once anything audible arrives. */
  async untilSound(seconds = 20): Promise<void> {
    await until("the page hears something", async () => (await this.heard()).db > -60, seconds);
  }

  /** What is seen now, for whoever looks into a failure. */
  async picture(path: string): Promise<void> {
    if (!this.page.isClosed()) await this.page.screenshot({ path }).catch(() => undefined);
  }

  /** Violations and script errors since the page was opened. */
  async troubles(): Promise<string[]> {
    const read = () => (window as unknown as { e2eViolations?: string[] }).e2eViolations ?? [];
    const violations = this.page.isClosed() ? [] : await this.page.evaluate(read).catch(() => []);
    return [...this.errors, ...violations];
  }
}
