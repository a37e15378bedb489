// baresip as a caller and as an agent's phone: another foreign phone, with a real jitter buffer, hold and transfer keys. It speaks a tone
// from a file and writes down what it hears, and every SIP message as it was before encryption.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeUdpPort } from "./sipp.ts";
import { AUDIBLE_RMS, RATE_HZ, rms, share, sine, wav } from "./sound.ts";
import { until } from "./wait.ts";

const MODULES = ["stdio.so", "g711.so", "aufile.so", "sndfile.so"];
const WAV_HEADER_BYTES = 44;

/** How it calls. `mediaenc`: as baresip has it, `srtp` for keys beside a plain profile, `srtp-mand` for SAVP. */
export type Manner = { transport?: "udp" | "tcp" | "tls"; mediaenc?: "srtp" | "srtp-mand" };

export class Baresip {
  #process: ChildProcess;
  #folder: string;
  #read = 0;
  output = "";

  private constructor(process: ChildProcess, folder: string) {
    [this.#process, this.#folder] = [process, folder];
    const keep = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    process.stdout?.on("data", keep);
    process.stderr?.on("data", keep);
  }

  /** Dials a line of the hotline at `server`, the port of that transport. */
  static async dial(server: number, line: string, toneHz: number, manner: Manner = {}): Promise<Baresip> {
    const account = "<sip:+8619055551234@127.0.0.1>;regint=0";
    return Baresip.#start(account, toneHz, manner, ["-e", `/dial ${target(server, line, manner)}`]);
  }

  /** Registers as the phone of an agent and waits for calls. */
  static async register(server: number, user: string, password: string, toneHz: number, manner: Manner): Promise<Baresip> {
    const account = `<${target(server, user, manner)}>;auth_pass=${password};regint=60`;
    const phone = await Baresip.#start(account, toneHz, manner, ["-s"]);
    await phone.untilSaid(/200 OK.*1 binding|registered successfully/);
    return phone;
  }

  static async #start(account: string, toneHz: number, { mediaenc }: Manner, words: string[]): Promise<Baresip> {
    const folder = mkdtempSync(join(tmpdir(), "walletline-baresip-"));
    const tone = join(folder, "tone.wav");
    writeFileSync(tone, wav(sine(toneHz, 0, RATE_HZ * 60), RATE_HZ));
    writeFileSync(join(folder, "accounts"), `${account}${mediaenc === undefined ? "" : `;mediaenc=${mediaenc}`}\n`);
    const lines = [`sip_listen 127.0.0.1:${await freeUdpPort()}`, "module_path /usr/lib/baresip/modules", `snd_path ${folder}`];
    const modules = mediaenc === undefined ? MODULES : [...MODULES, "srtp.so"];
    lines.push(...modules.map((name) => `module ${name}`), "module_app account.so", "module_app menu.so", `audio_source aufile,${tone}`);
    writeFileSync(join(folder, "config"), `${lines.join("\n")}\n`);
    return new Baresip(spawn("baresip", ["-f", folder, ...words], { stdio: ["pipe", "pipe", "pipe"] }), folder);
  }

  /** A command in words, such as `hold`. */
  command(words: string): void {
    this.#process.stdin?.write(`/${words}\n`);
  }

  /** What it says from now on is looked at by the next `untilSaid`. */
  forget(): void {
    this.#read = this.output.length;
  }

  /** Resolves when it said something like this since it was last forgotten. */
  async untilSaid(what: RegExp): Promise<RegExpExecArray> {
    const said = () => what.exec(this.output.slice(this.#read));
    return until(`baresip says ${what}`, said, 30, () => this.output.slice(-1500));
  }

  /** Keys of the phone; `b` hangs up. */
  type(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  /** The last half second of the call that was written down last; a file's header is not finished before its call is. */
  #lately(): Int16Array {
    const written = (file: string) => statSync(join(this.#folder, file)).mtimeMs;
    const files = readdirSync(this.#folder).filter((file) => file.endsWith("-dec.wav"));
    const name = files.sort((one, other) => written(one) - written(other)).at(-1);
    if (name === undefined) return new Int16Array(0);
    const bytes = readFileSync(join(this.#folder, name)).subarray(WAV_HEADER_BYTES);
    const samples = Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2));
    return samples.subarray(Math.max(0, samples.length - RATE_HZ / 2));
  }

  async untilSound(): Promise<void> {
    await until("baresip hears something", () => rms(this.#lately()) > AUDIBLE_RMS, 30, () => this.output.slice(-800));
  }

  async untilTone(hz: number): Promise<void> {
    const hears = () => rms(this.#lately()) > AUDIBLE_RMS && share(this.#lately(), hz) > 0.5;
    await until(`baresip hears ${hz} Hz`, hears, 30, () => this.output.slice(-800));
  }

  async close(): Promise<void> {
    this.#process.kill("SIGTERM");
    if (this.#process.exitCode === null) await new Promise((resolve) => this.#process.once("exit", resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Where it is called, and over what. */
function target(server: number, user: string, { transport = "udp" }: Manner): string {
  return `sip:${user}@127.0.0.1:${server}${transport === "udp" ? "" : `;transport=${transport}`}`;
}
