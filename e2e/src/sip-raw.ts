// SIP by hand, datagram by datagram: for what no foreign phone would send, and for moments that SIPp cannot hit.

import { createSocket, type Socket } from "node:dgram";
import { until } from "./wait.ts";

const random = () => Math.random().toString(36).slice(2);

export type Message = { text: string; status: number; method: string; header: (name: string) => string };

function read(text: string): Message {
  const first = text.split("\r\n")[0] ?? "";
  const status = first.startsWith("SIP/2.0 ") ? Number(first.split(" ")[1]) : 0;
  const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "im").exec(text)?.[1]?.trim() ?? "";
  return { text, status, method: status ? "" : (first.split(" ")[0] ?? ""), header };
}

/** A UDP socket that speaks SIP only as well as its owner. */
export class RawSip {
  readonly received: Message[] = [];
  #socket: Socket;
  #server: number;

  private constructor(socket: Socket, server: number) {
    [this.#socket, this.#server] = [socket, server];
    socket.on("message", (packet) => this.received.push(read(packet.toString("utf8"))));
  }

  static async open(server: number, port = 0): Promise<RawSip> {
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

/** One dialog's identity, and its requests as text. */
export class Dialog {
  readonly call = `raw-${random()}@127.0.0.1`;
  readonly #sip: RawSip;
  readonly #line: string;
  readonly #tag = random();
  readonly #branch = `z9hG4bK${random()}`;
  /** The far end's tag, once it is known. */
  toTag = "";
  target: string;

  constructor(sip: RawSip, line: string, server: number) {
    [this.#sip, this.#line] = [sip, line];
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
      `Via: SIP/2.0/UDP 127.0.0.1:${this.#sip.port};branch=${branch};rport`,
      `From: <sip:+8619055550000@127.0.0.1:${this.#sip.port}>;tag=${this.#tag}`,
      `To: <sip:${this.#line}@127.0.0.1>${this.toTag ? `;tag=${this.toTag}` : ""}`,
      `Call-ID: ${this.call}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:raw@127.0.0.1:${this.#sip.port}>`,
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
