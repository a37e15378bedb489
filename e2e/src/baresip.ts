// baresip as a caller: another foreign phone, with a real jitter buffer. It speaks a tone from a file and writes down what it hears.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  static async dial(server: number, line: string, toneHz: number, { transport = "udp", mediaenc }: Manner = {}): Promise<Baresip> {
    const folder = mkdtempSync(join(tmpdir(), "walletline-baresip-"));
    const tone = join(folder, "tone.wav");
    writeFileSync(tone, wav(sine(toneHz, 0, RATE_HZ * 60), RATE_HZ));
    writeFileSync(join(folder, "accounts"), `<sip:+8619055551234@127.0.0.1>;regint=0${mediaenc === undefined ? "" : `;mediaenc=${mediaenc}`}\n`);
    const lines = [`sip_listen 127.0.0.1:${await freeUdpPort()}`, "module_path /usr/lib/baresip/modules", `snd_path ${folder}`];
    const modules = mediaenc === undefined ? MODULES : [...MODULES, "srtp.so"];
    lines.push(...modules.map((name) => `module ${name}`), "module_app account.so", "module_app menu.so", `audio_source aufile,${tone}`);
    writeFileSync(join(folder, "config"), `${lines.join("\n")}\n`);
    const words = ["-f", folder, "-e", `/dial sip:${line}@127.0.0.1:${server}${transport === "udp" ? "" : `;transport=${transport}`}`];
    return new Baresip(spawn("baresip", words, { stdio: ["pipe", "pipe", "pipe"] }), folder);
  }

  /** Keys of the phone; `b` hangs up. */
  type(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  /** The last half second that was written down; the file's header is not finished before the call is. */
  #lately(): Int16Array {
    const name = readdirSync(this.#folder).find((file) => file.endsWith("-dec.wav"));
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
