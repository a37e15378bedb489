// Ends a run with one plain line, `N passed, N failed`, for whoever adds up the parts. A test that was not run counts as failed.

import type { Reporter, Suite } from "@playwright/test/reporter";

export default class CountReporter implements Reporter {
  #suite: Suite | undefined;

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(): void {
    const all = this.#suite?.allTests() ?? [];
    const passed = all.filter((test) => test.outcome() === "expected" && test.results.some((result) => result.status !== "skipped"));
    process.stdout.write(`\n${passed.length} passed, ${all.length - passed.length} failed\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
