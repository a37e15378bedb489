// The wallet simulator as its own process, which a test may end and start again behind the hotline's back.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY, freeTcpPort } from "./hotline.ts";
import { until } from "./wait.ts";

/** Long enough for an unoptimised start on a busy machine. */
const START_S = 30;

export class Sandbox {
  readonly port: number;
  #folder: string;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    [this.port, this.#folder] = [port, folder];
  }

  static async start(): Promise<Sandbox> {
    const sandbox = new Sandbox(await freeTcpPort(), mkdtempSync(join(tmpdir(), "walletline-sandbox-")));
    await sandbox.run();
    return sandbox;
  }

  /** The demo's wallets, with this process behind them. */
  config(): string {
    const wallet = (id: string, zh: string, en: string, zone: string, numbers: string) => `
[[wallet]]
id = "${id}"
name = { "zh-CN" = "${zh}", en = "${en}" }
time_zone = "${zone}"
numbers = ${numbers}
gsma = { url = "http://127.0.0.1:${this.port}/${id}" }
`;
    const jinqiao = wallet("jinqiao", "金桥钱包", "Jinqiao Wallet", "Asia/Shanghai", '["+86 1##########", "+44 7#########"]');
    const harbor = wallet("harbor", "港湾支付", "Harbor Pay", "Europe/London", '["+44 7#########", "+86 1##########"]');
    return jinqiao + harbor;
  }

  async run(): Promise<void> {
    const words = ["sandbox", "--listen", `127.0.0.1:${this.port}`, "--data", join(this.#folder, "wallet.db")];
    const child = spawn(BINARY, words, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    let said = "";
    const keep = (chunk: Buffer) => {
      said += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const listens = () => {
      if (child.exitCode !== null) throw new Error(`the sandbox ended with ${child.exitCode}: ${said}`);
      return said.includes("wallet sandbox on");
    };
    await until("the sandbox listens", listens, START_S, () => said);
  }

  /** kill -9. */
  async crash(): Promise<void> {
    const child = this.#process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async close(): Promise<void> {
    await this.crash();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
