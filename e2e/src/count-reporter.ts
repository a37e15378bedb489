// Ends a run with one plain line, `N passed, N failed`, for whoever adds up the parts. A test that was not run counts as failed. One that
// passed at its second run has passed and is told; where more than a few needed one, that is no moment of a busy machine, and they failed.

import type { Reporter, Suite } from "@playwright/test/reporter";

const SECOND_RUNS_MOST = 3;

export default class CountReporter implements Reporter {
  #suite: Suite | undefined;

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  async onEnd(): Promise<{ status: "failed" } | undefined> {
    const all = this.#suite?.allTests() ?? [];
    const passed = all.filter((test) => test.outcome() === "expected" && test.results.some((result) => result.status !== "skipped"));
    const second = all.filter((test) => test.outcome() === "flaky");
    for (const test of second) process.stdout.write(`\nheld only at its second run: ${test.titlePath().slice(1).join(" › ")}`);
    const held = second.length <= SECOND_RUNS_MOST ? second.length : 0;
    process.stdout.write(`\n${passed.length + held} passed, ${all.length - passed.length - held} failed\n`);
    return held < second.length ? { status: "failed" } : undefined;
  }

  printsToStdio(): boolean {
    return false;
  }
}
