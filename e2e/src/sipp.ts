// SIPp as a foreign phone: a process per caller and per agent's phone, steered while it runs. SIPp cannot be told anything from
// outside but SIP, so it is told by SIP: requests with the Call-ID of the call, which the scenarios wait for.

import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RtpPeer } from "./rtp-peer.ts";
import type { Codec } from "./sound.ts";
import { until } from "./wait.ts";

const SCENARIOS = join(dirname(fileURLToPath(import.meta.url)), "../sipp");
/** A SIPp that outlives every test by mistake ends itself. */
const LIFETIME_S = 300;

export async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, "127.0.0.1", resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

type Line = { word: string; text: string; fields: Record<string, string> };

/** One running SIPp and what it has written down. */
export class Sipp {
  readonly port: number;
  #process: ChildProcess;
  #folder: string;
  #exit: Promise<number | null>;
  #output = "";

  constructor(scenario: string, server: number, port: number, options: Record<string, string>, flags: string[]) {
    this.port = port;
    this.#folder = mkdtempSync(join(tmpdir(), "walletline-sipp-"));
    const keys = Object.entries(options).flatMap(([key, value]) => ["-key", key, value]);
    const fixed = ["-sf", join(SCENARIOS, `${scenario}.xml`), "-i", "127.0.0.1", "-p", String(port), "-nostdin"];
    const logs = ["-trace_logs", "-log_file", join(this.#folder, "log"), "-trace_err", "-error_file", join(this.#folder, "error")];
    const life = ["-timeout", String(LIFETIME_S), "-recv_timeout", String(LIFETIME_S * 1000)];
    this.#process = spawn("sipp", [`127.0.0.1:${server}`, ...fixed, ...logs, ...life, ...keys, ...flags], {
      cwd: this.#folder,
      env: { ...process.env, TERM: "dumb" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-4000);
    };
    this.#process.stdout?.on("data", keep);
    this.#process.stderr?.on("data", keep);
    this.#exit = new Promise((resolve) => this.#process.once("exit", resolve));
  }

  /** Lines that the scenario logged. */
  lines(): Line[] {
    const texts = this.#read("log").split("\n").map((text) => text.trim());
    return texts.filter(Boolean).map((text) => {
      const fields = [...text.matchAll(/(\w+)=(\S*)/g)].map((found) => [found[1] ?? "", found[2] ?? ""] as const);
      return { word: text.split(" ")[0] ?? "", text, fields: Object.fromEntries(fields) };
    });
  }

  /** The first line that begins with `word`, from line `after` on. */
  async untilLine(word: string, seconds = 20, after = 0): Promise<Line> {
    const found = () => this.lines().slice(after).find((line) => line.word === word);
    return until(`SIPp logs ${word}`, () => found() ?? this.#deadEnd(word, found), seconds, () => this.#troubles());
  }

  /** Fails at once when SIPp is gone without the line. */
  #deadEnd(word: string, found: () => unknown): null {
    if (this.#process.exitCode !== null && !found()) throw new Error(`SIPp ended before ${word}: ${this.#troubles()}`);
    return null;
  }

  #troubles(): string {
    return `${this.lines().map((line) => line.text).join(" | ")} ${this.#read("error").slice(-1500)} ${this.#output.slice(-800)}`;
  }

  #read(name: string): string {
    try {
      return readFileSync(join(this.#folder, name), "utf8");
    } catch {
      return "";
    }
  }

  /** Steers the scenario: a request that this call's scenario waits for. */
  async tell(method: "MESSAGE" | "PUBLISH", call: string): Promise<void> {
    const socket = createSocket("udp4");
    const branch = `z9hG4bK-steer-${Math.random().toString(36).slice(2)}`;
    const text = [
      `${method} sip:steer@127.0.0.1:${this.port} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:9;branch=${branch}`,
      "From: <sip:steer@127.0.0.1>;tag=steer",
      "To: <sip:steer@127.0.0.1>",
      `Call-ID: ${call}`,
      `CSeq: 1 ${method}`,
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n");
    await new Promise<void>((resolve) => socket.send(text, this.port, "127.0.0.1", () => resolve()));
    socket.close();
  }

  ended(): Promise<number | null> {
    return this.#exit;
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill("SIGKILL");
    await this.#exit;
  }
}

export type CallerOptions = { line?: string; number?: string; codec?: Codec; /** Offered instead of G.711. */ payload?: { number: number; name: string } };

/** A customer with a SIP phone. */
export class SipCaller {
  readonly rtp: RtpPeer;
  /** Where audio goes after `reinvite`. */
  readonly rtpMoved: RtpPeer;
  readonly number: string;
  readonly callId: string;
  #sipp: Sipp;

  private constructor(sipp: Sipp, rtp: RtpPeer, rtpMoved: RtpPeer, number: string, callId: string) {
    [this.#sipp, this.rtp, this.rtpMoved, this.number, this.callId] = [sipp, rtp, rtpMoved, number, callId];
  }

  /** Sends the INVITE; does not wait for an answer. */
  static async dial(server: number, options: CallerOptions = {}): Promise<SipCaller> {
    const { line = "8000", codec = "PCMA" } = options;
    const number = options.number ?? `+86190${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
    const payload = options.payload ?? { number: codec === "PCMA" ? 8 : 0, name: codec };
    const [rtp, rtpMoved, port] = [await RtpPeer.open(codec), await RtpPeer.open(codec), await freeUdpPort()];
    const callId = `e2e-${Math.random().toString(36).slice(2)}@127.0.0.1`;
    const keys = { caller: number, rtp: String(rtp.port), rtp2: String(rtpMoved.port), payload: String(payload.number), codec: payload.name };
    const sipp = new Sipp("caller", server, port, keys, ["-s", line, "-m", "1", "-cid_str", callId]);
    return new SipCaller(sipp, rtp, rtpMoved, number, callId);
  }

  /** Dials and waits until the call is up and audio is sent, a tone or silence. */
  static async call(server: number, options: CallerOptions & { tone?: number } = {}): Promise<SipCaller> {
    const caller = await SipCaller.dial(server, options);
    await caller.answered();
    caller.rtp.tone(options.tone ?? 0);
    return caller;
  }

  async answered(): Promise<Record<string, string>> {
    const { fields } = await this.#sipp.untilLine("ANSWERED");
    this.rtp.connect(Number(fields.port));
    return fields;
  }

  /** The status with which the call was refused. */
  async refused(): Promise<number> {
    const line = await this.#sipp.untilLine("REFUSED");
    return Number(line.text.split(" ")[1]);
  }

  press(keys: string): Promise<void> {
    return this.rtp.press(keys);
  }

  /** Moves the audio to `rtpMoved`, as a phone that changes networks. */
  async reinvite(): Promise<void> {
    await this.#sipp.tell("PUBLISH", this.callId);
    const { fields } = await this.#sipp.untilLine("REINVITED");
    this.rtp.mute(true);
    this.rtpMoved.connect(Number(fields.port));
  }

  async hangUp(): Promise<void> {
    await this.#sipp.tell("MESSAGE", this.callId);
    await this.#sipp.untilLine("ENDED");
  }

  /** Resolves when the hotline has ended the call. */
  async endedByThem(seconds = 20): Promise<void> {
    const { fields } = await this.#sipp.untilLine("ENDED", seconds);
    if (fields.by !== "them") throw new Error(`the call was ended by ${fields.by}`);
  }

  /** The phone is gone without a word: power lost. */
  async vanish(): Promise<void> {
    this.rtp.mute(true);
    await this.#sipp.kill();
  }

  async close(): Promise<void> {
    await this.#sipp.kill();
    this.rtp.close();
    this.rtpMoved.close();
  }
}

/** An agent's SIP phone. */
export class SipPhone {
  readonly rtp: RtpPeer;
  #sipp: Sipp;
  #call = "";
  #read = 0;

  constructor(sipp: Sipp, rtp: RtpPeer) {
    [this.#sipp, this.rtp] = [sipp, rtp];
  }

  /** Registers under an agent's name and waits for calls. */
  static async register(server: number, user: string, password: string, codec: Codec = "PCMA"): Promise<SipPhone> {
    const port = await freeUdpPort();
    if (!(await SipPhone.tryRegister(server, user, password, port))) throw new Error(`the phone of ${user} was not registered`);
    return SipPhone.listen(server, port, codec);
  }

  /** Waits for calls without a registration: a phone behind a carrier. */
  static async listen(server: number, port: number, codec: Codec = "PCMA"): Promise<SipPhone> {
    const rtp = await RtpPeer.open(codec);
    const keys = { rtp: String(rtp.port), payload: codec === "PCMA" ? "8" : "0", codec };
    return new SipPhone(new Sipp("phone", server, port, keys, ["-aa"]), rtp);
  }

  /** Whether the registrar took this password. */
  static async tryRegister(server: number, user: string, password: string, port: number, expires = 600): Promise<boolean> {
    const sipp = new Sipp("register", server, port, { user, expires: String(expires) }, ["-m", "1", "-au", user, "-ap", password]);
    await sipp.ended();
    return sipp.lines().some((line) => line.word === "REGISTERED");
  }

  /** Resolves when the next offer rings; gives the From that the phone shows. */
  async rings(seconds = 30): Promise<string> {
    const line = await this.#sipp.untilLine("RINGING", seconds, this.#read);
    this.#read = this.#sipp.lines().findIndex((each, at) => at >= this.#read && each.word === "RINGING") + 1;
    this.#call = line.fields.call ?? "";
    this.rtp.connect(Number(line.fields.port));
    return line.text.split(" from=")[1] ?? "";
  }

  async answer(tone = 0): Promise<void> {
    this.rtp.tone(tone);
    await this.#sipp.tell("MESSAGE", this.#call);
    await this.#sipp.untilLine("TALKING", 20, this.#read);
  }

  async decline(): Promise<void> {
    await this.#sipp.tell("PUBLISH", this.#call);
    await this.#sipp.untilLine("ENDED", 20, this.#read);
  }

  async hangUp(): Promise<void> {
    await this.#sipp.tell("MESSAGE", this.#call);
    await this.#sipp.untilLine("ENDED", 20, this.#read);
  }

  async cancelled(seconds = 30): Promise<void> {
    await this.#sipp.untilLine("CANCELLED", seconds, this.#read);
  }

  async endedByThem(seconds = 20): Promise<void> {
    const { fields } = await this.#sipp.untilLine("ENDED", seconds, this.#read);
    if (fields.by !== "them") throw new Error(`the call was ended by ${fields.by}`);
  }

  async close(): Promise<void> {
    await this.#sipp.kill();
    this.rtp.close();
  }
}
