// The real binary, started for one test in a folder of its own and stopped as an operator would stop it. What it logs is kept
// and searched: personal data in a log fails the test that caused it.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freeUdpPort } from "./sipp.ts";
import { until } from "./wait.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const BINARY = process.env.WALLETLINE_BINARY ?? join(ROOT, "target/debug/walletline");
const LOGS = join(ROOT, "e2e/out/logs");
/** A certificate for 127.0.0.1 with its key, made once by each worker that starts a hotline. */
let certificate: { cert: string; key: string } | undefined;

function madeCertificate(): { cert: string; key: string } {
  if (certificate === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "walletline-certificate-"));
    certificate = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", ...kind, ...subject, "-keyout", certificate.key, "-out", certificate.cert], { stdio: "pipe" });
  }
  return certificate;
}

/** Everybody's password in the demo world; no log may repeat it. */
export const DEMO_PASSWORD = "walletline-demo";

/** Media ports, below those that the system hands out by itself; one range for each worker. */
const MEDIA_FIRST = 20_000;
const MEDIA_PER_WORKER = 1_000;

/** Long enough for an unoptimised start on a machine that is busy with other tests. */
const START_S = 60;

/** TCP ports, below those that the system gives to whoever connects somewhere; one range for each worker that runs at the time.
 *  Above 10080, the last of those that no browser speaks to (Fetch, "bad ports"). */
const TCP_FIRST = 10_100;
const TCP_PER_WORKER = 1_000;
let portsTaken = 0;

/** A TCP port that nobody listens on and that nobody is given before it is listened on. */
export async function freeTcpPort(): Promise<number> {
  const first = TCP_FIRST + (Number(process.env.TEST_PARALLEL_INDEX ?? 0) % 10) * TCP_PER_WORKER;
  for (let tries = 0; tries < TCP_PER_WORKER; tries += 1) {
    const port = first + (portsTaken++ % TCP_PER_WORKER);
    if (await canListen(port)) return port;
  }
  throw new Error(`no TCP port is free from ${first} on`);
}

function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

export type HotlineOptions = {
  /** Laid over the demo world, or the whole configuration with `demo: false`. */
  config?: string;
  demo?: boolean;
  env?: Record<string, string>;
  /** Files beside the configuration, by path. */
  files?: Record<string, string | Buffer>;
};

export class Hotline {
  readonly folder: string;
  readonly http: number;
  readonly internal: number;
  readonly sip: number;
  readonly sipTcp: number;
  readonly sipTls: number;
  readonly origin: string;
  #options: HotlineOptions;
  #env: Record<string, string>;
  #process: ChildProcess | null = null;
  #name: string;
  /** Whatever must not be found in the log: numbers of callers, what they keyed as codes. */
  #private = new Set<string>([DEMO_PASSWORD]);
  log = "";
  banner = "";

  private constructor(name: string, ports: [number, number, number, number, number], worker: number, options: HotlineOptions) {
    this.#name = name.replace(/[^a-z0-9]+/gi, "-").slice(0, 80);
    [this.http, this.internal, this.sip, this.sipTcp, this.sipTls] = ports;
    this.origin = `http://127.0.0.1:${this.http}`;
    this.#options = options;
    this.folder = mkdtempSync(join(tmpdir(), "walletline-e2e-"));
    const first = MEDIA_FIRST + worker * MEDIA_PER_WORKER;
    const inherited = Object.entries(process.env).filter(([key, value]) => value !== undefined && !key.startsWith("WALLETLINE_"));
    this.#env = {
      ...(Object.fromEntries(inherited) as Record<string, string>),
      WALLETLINE_HTTP_LISTEN: `127.0.0.1:${this.http}`,
      WALLETLINE_HTTP_INTERNAL: `127.0.0.1:${this.internal}`,
      WALLETLINE_SIP_UDP: `127.0.0.1:${this.sip}`,
      WALLETLINE_SIP_TCP: `127.0.0.1:${this.sipTcp}`,
      WALLETLINE_SIP_TLS: `127.0.0.1:${this.sipTls}`,
      WALLETLINE_SIP_CERTIFICATE: madeCertificate().cert,
      WALLETLINE_SIP_PRIVATE_KEY: madeCertificate().key,
      WALLETLINE_MEDIA_BIND: "127.0.0.1",
      WALLETLINE_MEDIA_PORTS: `${first}-${first + MEDIA_PER_WORKER - 1}`,
      WALLETLINE_DATA_DIR: join(this.folder, "data"),
      WALLETLINE_STORE_URL: `sqlite:${join(this.folder, "data/walletline.db")}`,
      WALLETLINE_LOG: "warn,walletline=debug,walletline_core=debug,walletline_voice=debug,walletline_store=debug",
      ...options.env,
    };
  }

  static async start(name: string, worker: number, options: HotlineOptions = {}): Promise<Hotline> {
    const hotline = await Hotline.prepare(name, worker, options);
    await hotline.run();
    return hotline;
  }

  /** Everything but the start. */
  static async prepare(name: string, worker: number, options: HotlineOptions = {}): Promise<Hotline> {
    const [http, internal, tcp, tls] = [await freeTcpPort(), await freeTcpPort(), await freeTcpPort(), await freeTcpPort()];
    const ports: [number, number, number, number, number] = [http, internal, await freeUdpPort(), tcp, tls];
    const hotline = new Hotline(name, ports, worker, options);
    mkdirSync(join(hotline.folder, "data"), { recursive: true });
    for (const [path, content] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(hotline.folder, path)), { recursive: true });
      writeFileSync(join(hotline.folder, path), content);
    }
    if (options.config !== undefined) writeFileSync(join(hotline.folder, "walletline.toml"), options.config);
    return hotline;
  }

  /** Starts the binary and waits until it can take calls. */
  async run(): Promise<void> {
    const child = spawn(BINARY, this.#arguments("serve"), { cwd: this.folder, env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    child.stdout.on("data", (chunk: Buffer) => {
      this.banner += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      this.log += chunk.toString();
    });
    const ready = async () => {
      if (child.exitCode !== null) throw new Error(`walletline ended with ${child.exitCode}: ${this.log.slice(-2000)}`);
      return fetch(`${this.origin}/readyz`).then((response) => response.ok, () => false);
    };
    await until("walletline is ready", ready, START_S, () => this.log.slice(-2000));
  }

  #arguments(command: string): string[] {
    const demo = this.#options.demo === false || command !== "serve" ? [] : ["--demo"];
    const config = this.#options.config === undefined ? [] : ["--config", join(this.folder, "walletline.toml")];
    return [command, ...config, ...demo];
  }

  /** Runs another command of the same binary with the same configuration. */
  command(...words: string[]): { status: number | null; stdout: string; stderr: string } {
    const config = this.#options.config === undefined ? [] : ["--config", join(this.folder, "walletline.toml")];
    const [first = "", ...rest] = words;
    const ran = spawnSync(BINARY, [first, ...rest, ...config], { cwd: this.folder, env: this.#env, encoding: "utf8", timeout: 60_000 });
    return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr };
  }

  /** `serve` as it is configured, when it is expected to refuse. */
  refusal(): { status: number | null; stdout: string; stderr: string } {
    const options = { cwd: this.folder, env: this.#env, encoding: "utf8", timeout: 60_000 } as const;
    const ran = spawnSync(BINARY, this.#arguments("serve"), options);
    return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr };
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error("walletline is not running");
    return pid;
  }

  running(): boolean {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Says that this must not be found in any log line. */
  keepPrivate(...values: string[]): void {
    for (const value of values) if (value.length >= 6) this.#private.add(value);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Resolves with the exit status; null when a signal ended it. */
  async ended(seconds = 60): Promise<number | null> {
    await until("walletline has ended", () => !this.running(), seconds, () => this.log.slice(-1000));
    return this.#process?.exitCode ?? null;
  }

  async crash(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended();
  }

  /** The end of every test: stop, search the log, tidy up. */
  async close(): Promise<void> {
    if (this.running()) {
      this.signal("SIGTERM");
      await this.ended().catch(() => this.signal("SIGKILL"));
    }
    mkdirSync(LOGS, { recursive: true });
    writeFileSync(join(LOGS, `${this.#name}.log`), this.log);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What of the private things stands in the log, with the line it stands in. */
  leaks(): string[] {
    const digits = (text: string) => text.replace(/[\s-]/g, "");
    const wanted = [...this.#private].map((value) => value.replace(/^\+/, ""));
    const lines = this.log.split("\n");
    return lines.filter((line) => wanted.some((value) => digits(line).includes(digits(value))));
  }

  /** A figure of `/metrics`, all series of the name added up. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.internal}/metrics`)).text();
    const series = text.split("\n").filter((line) => line.startsWith(name) && /^[a-z_]+(\{[^}]*\})? /.test(line) && /^[a-z_]+/.exec(line)?.[0] === name);
    return series.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  }

  /** A file of the repository. */
  static read(path: string): string {
    return readFileSync(join(ROOT, path), "utf8");
  }
}
