// Runs the test programs that `cargo test --no-run --message-format=json` names on its standard output, several at a time: most of
// them wait for calls to play out. Prints each one's output whole when it is over, and fails when one failed.

import { spawn } from "node:child_process";
import { dirname, basename } from "node:path";
import { createInterface } from "node:readline";

const AT_ONCE = 3;

/** The test programs in cargo's messages, each with the folder of its package. */
async function programs() {
  const found = [];
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.startsWith("{")) continue;
    const message = JSON.parse(line);
    if (message.reason === "compiler-artifact" && message.profile.test && message.executable) {
      found.push({ path: message.executable, folder: dirname(message.manifest_path) });
    }
  }
  return found;
}

/** Runs one as cargo would, in its package's folder, and says whether it passed. */
function run({ path, folder }) {
  const started = Date.now();
  const child = spawn(path, { cwd: folder, env: { ...process.env, CARGO_MANIFEST_DIR: folder }, stdio: ["ignore", "pipe", "pipe"] });
  const output = [];
  child.stdout.on("data", (part) => output.push(part));
  child.stderr.on("data", (part) => output.push(part));
  return new Promise((resolve) => {
    child.on("error", (error) => output.push(`${error}\n`));
    child.on("close", (code, signal) => {
      const seconds = Math.round((Date.now() - started) / 1000);
      process.stdout.write(`---- ${basename(path)}: ${signal ?? code}, ${seconds} s\n${Buffer.concat(output.map((part) => Buffer.from(part)))}`);
      resolve(code === 0);
    });
  });
}

const waiting = await programs();
let failed = waiting.length === 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (!(await run(next))) failed = true;
    }
  }),
);
process.exit(failed ? 1 : 0);
