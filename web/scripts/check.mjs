// Lint and format, types, unit tests; ends with the plain line "N passed, N failed". Biome and the type checker count
// as one check each.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));
const run = (...args) => spawnSync("npx", args, { cwd: web, stdio: "inherit" }).status === 0;

let passed = 0;
let failed = 0;
const count = (ok) => {
  if (ok) passed += 1;
  else failed += 1;
};

count(run("biome", "check", "."));
count(run("tsc", "--noEmit"));

const folder = mkdtempSync(join(tmpdir(), "walletline-web-"));
const report = join(folder, "vitest.json");
const ok = run("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`);
try {
  const result = JSON.parse(readFileSync(report, "utf8"));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  // A file that does not load, or an error outside a test, fails the run without failing a test.
  if (!ok && result.numFailedTests === 0) failed += 1;
} catch {
  failed += 1;
}
rmSync(folder, { recursive: true });

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
