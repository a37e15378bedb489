// End-to-end tests: the real binary, foreign phones, a real browser. Every test starts its own hotline, so that none depends on
// what another left behind, and they run side by side: most of their time is spent listening. A browser needs most of a core while
// it starts and draws, and a starved one drops its call, so few run at once; telephones cost nothing. The limits only end what hangs.

import { defineConfig } from "@playwright/test";

/** The files whose tests open a browser. */
const BROWSERS = [
  "account",
  "agent-day",
  "approvals",
  "audio",
  "code-transfer",
  "control",
  "desk",
  "directory",
  "disputes",
  "help-peers",
  "hours",
  "outside",
  "outside-recorded",
  "pages",
  "passes",
  "passkey",
  "phone-control",
  "recording",
  "return",
  "second-factor",
  "secure-entry",
  "senders",
  "site",
  "staff-log-in",
  "talking-to-us",
  "trunk",
  "turn",
].map((name) => `**/${name}.spec.ts`);

export default defineConfig({
  testDir: "tests",
  outputDir: "out/results",
  timeout: 180_000,
  expect: { timeout: 20_000 },
  fullyParallel: true,
  workers: 8,
  projects: [
    { name: "browsers", testMatch: BROWSERS, workers: 3 },
    { name: "telephones", testIgnore: BROWSERS },
  ],
  // A call plays out in real time: what a starved machine cut short gets one more run, which the reporter tells and bounds.
  retries: 1,
  forbidOnly: true,
  reporter: [["list"], ["./src/count-reporter.ts"]],
});
