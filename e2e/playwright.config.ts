// End-to-end tests: the real binary, foreign phones, a real browser. Every test starts its own hotline, so that none depends on
// what another left behind, and they run side by side: most of their time is spent listening. The limits only end what hangs.

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  outputDir: "out/results",
  timeout: 120_000,
  expect: { timeout: 20_000 },
  fullyParallel: true,
  workers: 3,
  retries: 0,
  forbidOnly: true,
  reporter: [["list"], ["./src/count-reporter.ts"]],
});
