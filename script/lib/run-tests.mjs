// Runs the test programs that `cargo test --no-run --message-format=json` names on its standard output, several at a time: most of
// them wait for calls to play out. Prints each one's output whole when it is over, and after all of them what failed: every failed
// test by name with what it said, every program that died, and every one that had to be ended because it hung.
// Calls play out in real time, and a machine that is starved for a moment cuts their words: what failed is run once more when nothing
// runs beside it. What holds then has passed, and is told; where more than a few fail, that is no moment, and none gets a second run.

import { spawn, spawnSync } from "node:child_process";
import { dirname, basename } from "node:path";
import { createInterface } from "node:readline";

const AT_ONCE = 3;
/** The longest ones, which start first, so that none of them runs alone at the end. */
const FIRST = ["routes", "media", "sip", "stories", "defects", "seeds"];
/** Tests at once in the programs that mostly wait for packets; in others as many as there are cores. */
const THREADS = { media: 4, sip: 4 };
/** So many failed tests may be a moment's; each is run again, alone. */
const SECOND_RUNS_MOST = 3;
/** What takes longer hangs. */
const PATIENCE_SECONDS = 300;

/** Bounds of what is printed of failures. */
const LINES_OF_ONE = 40;
const LINES_OF_ALL = 200;
const LINE_LENGTH = 300;

/** The test programs in cargo's messages, each with the folder of its package. */
async function programs() {
  const found = [];
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.startsWith("{")) continue;
    const message = JSON.parse(line);
    if (message.reason === "compiler-artifact" && message.profile.test && message.executable) {
      const name = basename(message.executable).replace(/-[0-9a-f]{16}$/, "");
      found.push({ name, path: message.executable, folder: dirname(message.manifest_path) });
    }
  }
  const rank = ({ name }) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return found.sort((one, other) => rank(one) - rank(other));
}

/** Process groups that run: a program's own children end with it. */
const running = new Set();

function end(group) {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    running.forEach(end);
    process.exit(1);
  });
}

/** Without lines that look like a count: the one that counts is ours, at the end. */
const indented = (text) => text.replaceAll(/^test result: /gm, "  test result: ");

/** How many tests passed and failed, as libtest says it. */
function count(text) {
  const [, passed, failed] = /^test result: \w+\. (\d+) passed; (\d+) failed/m.exec(text) ?? [];
  return passed === undefined ? { passed: 0, failed: 1 } : { passed: Number(passed), failed: Number(failed) };
}

/** Runs one as cargo would, in its package's folder, and says what came of it. */
function run({ name, path, folder }, ...only) {
  const started = Date.now();
  const options = [...(name in THREADS ? [`--test-threads=${THREADS[name]}`] : []), ...only];
  const env = { ...process.env, CARGO_MANIFEST_DIR: folder };
  const child = spawn(path, options, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const output = [];
  let hung = false;
  const patience = setTimeout(() => {
    hung = true;
    end(child.pid);
    // Somebody who left the group may hold them open.
    child.stdout.destroy();
    child.stderr.destroy();
  }, PATIENCE_SECONDS * 1000);
  if (child.pid !== undefined) running.add(child.pid);
  child.stdout.on("data", (part) => output.push(part));
  child.stderr.on("data", (part) => output.push(part));
  child.on("exit", () => end(child.pid));
  return new Promise((resolve) => {
    child.on("error", (error) => output.push(Buffer.from(`${error}\n`)));
    child.on("close", (code, signal) => {
      clearTimeout(patience);
      running.delete(child.pid);
      const seconds = Math.round((Date.now() - started) / 1000);
      const text = Buffer.concat(output).toString();
      process.stdout.write(`---- ${basename(path)}: ${signal ?? code}, ${seconds} s\n${indented(text)}`);
      const fate = hung ? `hung, and was ended after ${seconds} s` : `ended by ${signal ?? `status ${code}`} after ${seconds} s`;
      resolve({ name, path, folder, passed: code === 0 && !hung, text, fate });
    });
  });
}

const clip = (line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line);

function bounded(lines, most) {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `(${lines.length - most} more)`];
}

/** What a test said, from a little before its panic on if it said much. */
function around(said) {
  const panic = said.findIndex((line) => line.includes(" panicked at "));
  return bounded(said.length > LINES_OF_ONE ? said.slice(Math.max(0, panic - 10)) : said, LINES_OF_ONE);
}

/** Each failed test of a program with what it said, as libtest prints it between two lines `failures:`. */
function failures(lines) {
  const from = lines.indexOf("failures:");
  const to = lines.lastIndexOf("failures:");
  if (from < 0) return [];
  const found = [];
  for (const line of lines.slice(from + 1, to)) {
    const head = /^---- (.+) stdout ----$/.exec(line);
    if (head) found.push({ test: head[1], said: [] });
    else if (line !== "") found.at(-1)?.said.push(clip(line));
  }
  return found;
}

/** The tests of a program that came to no end. Those that ran are the first of them. */
function unfinished({ path, text }) {
  const listed = spawnSync(path, ["--list", "--format=terse"], { encoding: "utf8", timeout: 10_000 }).stdout ?? "";
  const tests = [...listed.matchAll(/^(.+): test$/gm)].map(([, test]) => test);
  const ended = new Set([...text.matchAll(/^test (\S+)(?: - should panic)? \.\.\. /gm)].map(([, test]) => test));
  return tests.filter((test) => !ended.has(test));
}

/** What is to be told of a program that did not pass. */
function told(result) {
  const lines = result.text.split("\n");
  const found = failures(lines);
  if (found.length > 0) {
    return found.flatMap(({ test, said }) => [`  ${result.name}: ${test}`, ...around(said).map((line) => `    ${line}`)]);
  }
  const open = unfinished(result);
  return [
    `  ${result.name}: ${result.fate}`,
    `    not finished: ${bounded(open, 8).join(", ") || "none"}`,
    ...lines.slice(-20).map((line) => `    ${clip(line)}`),
  ];
}

const waiting = await programs();
if (waiting.length === 0) {
  process.stderr.write("cargo names no test program: see what it says above\n");
  process.exit(1);
}
const results = [];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await run(next));
  }),
);
const failed = results.filter(({ passed }) => !passed);
const again = failed.flatMap((result) => failures(result.text.split("\n")).map((failure) => ({ ...result, ...failure })));
const held = [];
if (again.length <= SECOND_RUNS_MOST) {
  for (const one of again) {
    const { passed } = await run(one, "--exact", one.test);
    if (passed) held.push(one);
  }
}
const total = { passed: held.length, failed: -held.length };
for (const { text } of results) {
  const { passed, failed } = count(text);
  total.passed += passed;
  total.failed += failed;
}
if (held.length > 0) {
  const lines = held.flatMap(({ name, test, said }) => [`  ${name}: ${test}`, ...around(said).map((line) => `    ${line}`)]);
  process.stdout.write(`\nheld only when run alone:\n${lines.join("\n")}\n`);
}
const heldOf = (path) => held.filter((one) => one.path === path).length;
const lost = failed.filter(({ path, text }) => heldOf(path) === 0 || heldOf(path) < count(text).failed);
if (lost.length > 0) {
  process.stdout.write(`\nwhat failed:\n${bounded(lost.flatMap(told), LINES_OF_ALL).join("\n")}\n`);
  process.exitCode = 1;
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
