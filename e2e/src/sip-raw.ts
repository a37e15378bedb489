// SIP by hand, datagram by datagram: for what no foreign phone would send, and for moments that SIPp cannot hit.

import { createHash } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { connect, type TLSSocket } from "node:tls";
import { until } from "./wait.ts";

const random = () => Math.random().toString(36).slice(2);

export type Message = { text: string; status: number; method: string; header: (name: string) => string };

function read(text: string): Message {
  const first = text.split("\r\n")[0] ?? "";
  const status = first.startsWith("SIP/2.0 ") ? Number(first.split(" ")[1]) : 0;
  const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "im").exec(text)?.[1]?.trim() ?? "";
  return { text, status, method: status ? "" : (first.split(" ")[0] ?? ""), header };
}

/** What carries SIP by hand. */
export type Link = { readonly port: number; readonly transport: "UDP" | "TLS" };

/** A UDP socket that speaks SIP only as well as its owner. */
export class RawSip implements Link {
  readonly transport = "UDP";
  readonly received: Message[] = [];
  #socket: Socket;
  #server: number;

  private constructor(socket: Socket, server: number) {
    [this.#socket, this.#server] = [socket, server];
    socket.on("message", (packet) => this.received.push(read(packet.toString("utf8"))));
  }

  /** Whoever only waits to be called has no server. */
  static async open(server = 9, port = 0): Promise<RawSip> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(port, "127.0.0.1", resolve));
    return new RawSip(socket, server);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(bytes, this.#server, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Answers a request where its Via says, which is where it came from on one machine. */
  reply(request: Message, status: string, ...headers: string[]): Promise<void> {
    const port = Number(/^Via:.*127\.0\.0\.1:(\d+)/im.exec(request.text)?.[1]);
    const kept = request.text.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
    const lines = kept.map((line) => (/^To:/i.test(line) && !/;tag=/.test(line) ? `${line};tag=raw` : line));
    const text = [`SIP/2.0 ${status}`, ...lines, ...headers, "Content-Length: 0", "", ""].join("\r\n");
    return new Promise((resolve, reject) => this.#socket.send(text, port, "127.0.0.1", (error) => (error ? reject(error) : resolve())));
  }

  /** The first message for which `wanted` holds. */
  untilMessage(what: string, wanted: (message: Message) => boolean, seconds = 20): Promise<Message> {
    const seen = () => this.received.map((message) => message.text.split("\r\n")[0]).join(" | ");
    return until(what, () => this.received.find(wanted) ?? null, seconds, seen);
  }

  untilStatus(status: number, method: string, call?: string): Promise<Message> {
    const wanted = (message: Message) =>
      message.status === status && message.header("CSeq").endsWith(method) && (call === undefined || message.header("Call-ID") === call);
    return this.untilMessage(`${status} to ${method}`, wanted);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/** A TLS connection that speaks SIP by hand, with a certificate of its own. */
export class TlsSip implements Link {
  readonly transport = "TLS";
  readonly received: Message[] = [];
  #socket: TLSSocket;
  #pending = "";

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk.toString("utf8")));
    socket.on("error", () => undefined);
  }

  static open(server: number, shown: { cert: string; key: string }): Promise<TlsSip> {
    // Whose certificate the hotline shows is another test's matter.
    const socket = connect({ host: "127.0.0.1", port: server, rejectUnauthorized: false, ...shown });
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("secureConnect", () => resolve(new TlsSip(socket)));
    });
  }

  get port(): number {
    return this.#socket.localPort ?? 0;
  }

  send(text: string): Promise<void> {
    return new Promise((resolve, reject) => this.#socket.write(text, (error) => (error ? reject(error) : resolve())));
  }

  untilStatus(status: number, method: string): Promise<Message> {
    const seen = () => this.received.map((message) => message.text.split("\r\n")[0]).join(" | ");
    const wanted = (message: Message) => message.status === status && message.header("CSeq").endsWith(method);
    return until(`${status} to ${method}`, () => this.received.find(wanted) ?? null, 20, seen);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Cuts the stream into messages: a head, an empty line, and as many bytes as it says. */
  #take(text: string): void {
    this.#pending += text;
    for (;;) {
      this.#pending = this.#pending.replace(/^(\r\n)+/, "");
      const head = this.#pending.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = head + 4 + Number(/^(?:Content-Length|l):\s*(\d+)/im.exec(this.#pending.slice(0, head))?.[1] ?? 0);
      if (this.#pending.length < length) return;
      this.received.push(read(this.#pending.slice(0, length)));
      this.#pending = this.#pending.slice(length);
    }
  }
}

/** What proves that somebody knows a password (RFC 7616), without qop as older carriers have it. */
export function proof(challenge: string, who: { user: string; password: string }, method: string, uri: string): string {
  const field = (name: string) => new RegExp(`${name}="?([^",]+)`, "i").exec(challenge)?.[1] ?? "";
  const [realm, nonce, algorithm] = [field("realm"), field("nonce"), field("algorithm") || "MD5"];
  const hash = (text: string) => createHash(algorithm.toUpperCase() === "SHA-256" ? "sha256" : "md5").update(text).digest("hex");
  const [secret, request] = [hash(`${who.user}:${realm}:${who.password}`), hash(`${method}:${uri}`)];
  const qop = /qop=/i.test(challenge);
  const [nc, cnonce] = ["00000001", "e2e"];
  const response = hash(qop ? `${secret}:${nonce}:${nc}:${cnonce}:auth:${request}` : `${secret}:${nonce}:${request}`);
  const more = qop ? `, qop=auth, nc=${nc}, cnonce="${cnonce}"` : "";
  return `Digest username="${who.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, response="${response}"${more}`;
}

/** One dialog's identity, and its requests as text. */
export class Dialog {
  readonly call = `raw-${random()}@127.0.0.1`;
  readonly #sip: Link;
  readonly #from: string;
  readonly #line: string;
  readonly #tag = random();
  readonly #branch = `z9hG4bK${random()}`;
  /** The far end's tag, once it is known. */
  toTag = "";
  target: string;

  constructor(sip: Link, line: string, server: number, from = `+8619055550000@127.0.0.1:${sip.port}`) {
    [this.#sip, this.#line, this.#from] = [sip, line, from];
    this.target = `sip:${line}@127.0.0.1:${server}`;
  }

  /** Learns tag and Contact from a final response. */
  learn(response: Message): void {
    this.toTag = /;tag=([^;>\s]+)/.exec(response.header("To"))?.[1] ?? "";
    this.target = /<([^>]+)>/.exec(response.header("Contact"))?.[1] ?? this.target;
  }

  request(method: string, cseq: number, options: { body?: string; fresh?: boolean; headers?: string[]; length?: number } = {}): string {
    const { body = "", fresh = true, headers = [] } = options;
    const branch = fresh ? `z9hG4bK${random()}` : this.#branch;
    return [
      `${method} ${this.target} SIP/2.0`,
      `Via: SIP/2.0/${this.#sip.transport} 127.0.0.1:${this.#sip.port};branch=${branch};rport`,
      `From: <sip:${this.#from}>;tag=${this.#tag}`,
      `To: <sip:${this.#line}@127.0.0.1>${this.toTag ? `;tag=${this.toTag}` : ""}`,
      `Call-ID: ${this.call}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:raw@127.0.0.1:${this.#sip.port}${this.#sip.transport === "TLS" ? ";transport=tls" : ""}>`,
      "Max-Forwards: 70",
      ...headers,
      ...(body ? ["Content-Type: application/sdp"] : []),
      `Content-Length: ${options.length ?? Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n");
  }

  /** INVITE, and what CANCEL and the ACK of a refusal must share with it: the branch. */
  invite(body: string): string {
    return this.request("INVITE", 1, { body, fresh: false });
  }

  cancel(): string {
    return this.request("CANCEL", 1, { fresh: false });
  }

  ackRefusal(): string {
    return this.request("ACK", 1, { fresh: false });
  }
}

export function sdp(port: number, media = `audio ${port} RTP/AVP 8 101`, lines = "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"): string {
  return `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=${media}\r\n${lines}a=sendrecv\r\n`;
}
