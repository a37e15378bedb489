// A TURN server on loopback, as an operator sets it up for us: a shared secret, credentials that run out. It can be stopped and
// started again in the middle of a call.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeUdpPort } from "./sipp.ts";
import { until } from "./wait.ts";

export const TURN_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/** Ports for relayed media, apart from those of the hotlines under test. */
const RELAY_PORTS = [31_000, 31_199];

export class Coturn {
  readonly url: string;
  #folder: string;
  #process: ChildProcess | null = null;
  log = "";

  private constructor(port: number) {
    this.url = `turn:127.0.0.1:${port}?transport=udp`;
    this.#folder = mkdtempSync(join(tmpdir(), "walletline-coturn-"));
    const [first, last] = RELAY_PORTS;
    const lines = [
      "listening-ip=127.0.0.1",
      "relay-ip=127.0.0.1",
      `listening-port=${port}`,
      `min-port=${first}`,
      `max-port=${last}`,
      "realm=walletline.test",
      "use-auth-secret",
      `static-auth-secret=${TURN_SECRET}`,
      // The hotline under test lives on loopback too.
      "allow-loopback-peers",
      "no-cli",
      "no-tls",
      "no-dtls",
      "verbose",
      "simple-log",
      "log-file=stdout",
      `userdb=${join(this.#folder, "users")}`,
      `pidfile=${join(this.#folder, "pid")}`,
    ];
    writeFileSync(join(this.#folder, "turnserver.conf"), `${lines.join("\n")}\n`);
  }

  static async start(): Promise<Coturn> {
    const coturn = new Coturn(await freeUdpPort());
    await coturn.run();
    return coturn;
  }

  async run(): Promise<void> {
    const before = this.log.length;
    const server = spawn("turnserver", ["-c", join(this.#folder, "turnserver.conf")], { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = server;
    const keep = (chunk: Buffer) => {
      this.log += chunk.toString();
    };
    server.stdout?.on("data", keep);
    server.stderr?.on("data", keep);
    await until("the TURN server listens", () => this.log.slice(before).includes("UDP listener opened"), 20, () => this.log.slice(-500));
  }

  /** As a crash would: nobody is told. */
  async stop(): Promise<void> {
    const server = this.#process;
    this.#process = null;
    if (server === null || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Relays that were granted. */
  get allocations(): number {
    return this.log.match(/incoming packet ALLOCATE processed, success/g)?.length ?? 0;
  }
}
