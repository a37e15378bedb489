// One end of an RTP stream: sends a tone, silence or RFC 4733 keys every 20 ms, and keeps every sample it hears. It knows no
// SIP; whoever owns the call tells it where the other end listens.

import { createSocket, type Socket } from "node:dgram";
import { AUDIBLE_RMS, type Codec, decode, encode, RATE_HZ, rms, SILENCE, share, sine } from "./sound.ts";
import { until } from "./wait.ts";

const PACKET_MS = 20;
const PACKET_SAMPLES = (RATE_HZ * PACKET_MS) / 1000;
const PAYLOAD: Record<Codec, number> = { PCMU: 0, PCMA: 8 };
const EVENT_PAYLOAD = 101;
const EVENTS = "0123456789*#ABCD";
/** Longest recording kept: ten minutes. */
const HEARD_SAMPLES_MAX = RATE_HZ * 600;

/** Share of the energy at a frequency from which on it counts as that tone. */
const TONE_SHARE = 0.5;

type Key = { event: number; packet: number };

export class RtpPeer {
  readonly codec: Codec;
  /** Packets received, events included. */
  packets = 0;
  /** Keys heard, once per press. */
  keysHeard = "";
  #socket: Socket;
  #remote: { port: number; address: string } | null = null;
  #timer: NodeJS.Timeout;
  #heard = new Int16Array(RATE_HZ * 60);
  #heardLength = 0;
  #toneHz = 0;
  #muted = false;
  #sequence = Math.floor(Math.random() * 60_000);
  #timestamp = Math.floor(Math.random() * 2 ** 31);
  #ssrc = Math.floor(Math.random() * 2 ** 32);
  #sentSamples = 0;
  #startedMs = 0;
  #keys: Key[] = [];
  #keyTimestamp = 0;
  #lastKeyHeard = -1;
  /** Of the last packet kept: whose it was, where the next one should start, and when it came. */
  #last = { ssrc: -1, next: 0, atMs: 0 };

  private constructor(socket: Socket, codec: Codec) {
    this.#socket = socket;
    this.codec = codec;
    socket.on("message", (packet) => this.#receive(packet));
    this.#timer = setInterval(() => this.#tick(), 10);
  }

  static async open(codec: Codec = "PCMA"): Promise<RtpPeer> {
    // RTP ports are even (RFC 3550 section 11); ask until the system gives one.
    for (;;) {
      const socket = createSocket("udp4");
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.bind(0, "127.0.0.1", resolve);
      });
      if (socket.address().port % 2 === 0) return new RtpPeer(socket, codec);
      socket.close();
    }
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** From now on packets go to this end. */
  connect(port: number, address = "127.0.0.1"): void {
    this.#remote = { port, address };
    this.#startedMs = performance.now();
    this.#sentSamples = 0;
  }

  /** 0 for silence. */
  tone(hz: number): void {
    this.#toneHz = hz;
  }

  /** Sends nothing at all, as a phone that vanished. */
  mute(muted: boolean): void {
    this.#muted = muted;
  }

  /** Presses keys one after the other; resolves when the last one is released. */
  async press(keys: string): Promise<void> {
    for (const key of keys) {
      const event = EVENTS.indexOf(key);
      if (event < 0) throw new Error(`no key ${key} on a phone`);
      // Eight packets of the key, three that end it, then a pause, as a finger does.
      for (let packet = 0; packet < 11; packet += 1) this.#keys.push({ event, packet });
      for (let pause = 0; pause < 6; pause += 1) this.#keys.push({ event: -1, packet: 0 });
    }
    await until(`the keys ${keys} are sent`, () => this.#keys.length === 0);
  }

  /** Everything heard so far. */
  get heard(): Int16Array {
    return this.#heard.subarray(0, this.#heardLength);
  }

  /** Forgets what was heard. */
  forget(): void {
    this.#heardLength = 0;
  }

  /** The last half second heard; less when there was less. */
  get lately(): Int16Array {
    return this.heard.subarray(Math.max(0, this.#heardLength - RATE_HZ / 2));
  }

  hears(hz: number): boolean {
    const { lately } = this;
    return lately.length >= RATE_HZ / 4 && rms(lately) > AUDIBLE_RMS && share(lately, hz) > TONE_SHARE;
  }

  /** Resolves once the last half second was this tone. */
  async untilTone(hz: number, seconds = 20): Promise<void> {
    this.forget();
    const measured = () => `rms ${rms(this.lately).toFixed(0)}, share ${share(this.lately, hz).toFixed(2)}, ${this.packets} packets`;
    await until(`a tone of ${hz} Hz is heard`, () => this.hears(hz), seconds, measured);
  }

  /** Resolves once anything audible is heard. */
  async untilSound(seconds = 20): Promise<void> {
    this.forget();
    await until("sound is heard", () => this.lately.length > 400 && rms(this.lately) > AUDIBLE_RMS, seconds);
  }

  /** Sends bytes as they are: what no phone would send. */
  sendRaw(bytes: Uint8Array): void {
    if (!this.#remote) throw new Error("not connected");
    this.#socket.send(bytes, this.#remote.port, this.#remote.address);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  /** Sends as many packets as time has passed, so that a late timer makes no gap. */
  #tick(): void {
    if (!this.#remote) return;
    const due = ((performance.now() - this.#startedMs) * RATE_HZ) / 1000;
    while (this.#sentSamples + PACKET_SAMPLES <= due) {
      this.#send();
      this.#sentSamples += PACKET_SAMPLES;
      this.#timestamp = (this.#timestamp + PACKET_SAMPLES) >>> 0;
    }
  }

  #send(): void {
    const key = this.#keys.shift();
    if (this.#muted) return;
    if (key && key.event >= 0) {
      if (key.packet === 0) this.#keyTimestamp = this.#timestamp;
      const ends = key.packet >= 8;
      const duration = Math.min(key.packet + 1, 8) * PACKET_SAMPLES;
      const body = Uint8Array.of(key.event, (ends ? 0x80 : 0) | 10, duration >> 8, duration & 255);
      this.#packet(EVENT_PAYLOAD, key.packet === 0, this.#keyTimestamp, body);
      return;
    }
    const silent = this.#toneHz === 0;
    const body = silent
      ? new Uint8Array(PACKET_SAMPLES).fill(SILENCE[this.codec])
      : encode(this.codec, sine(this.#toneHz, this.#sentSamples, PACKET_SAMPLES));
    this.#packet(PAYLOAD[this.codec], this.#sentSamples === 0, this.#timestamp, body);
  }

  #packet(payload: number, marker: boolean, timestamp: number, body: Uint8Array): void {
    const packet = Buffer.alloc(12 + body.length);
    packet[0] = 0x80;
    packet[1] = (marker ? 0x80 : 0) | payload;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.set(body, 12);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (this.#remote) this.#socket.send(packet, this.#remote.port, this.#remote.address);
  }

  #receive(packet: Buffer): void {
    if (packet.length < 12 || packet[0]! >> 6 !== 2) return;
    const payload = packet[1]! & 0x7f;
    if (payload >= 64 && payload < 96) return; // RTCP on the same port
    this.packets += 1;
    const body = packet.subarray(12 + (packet[0]! & 15) * 4);
    if (payload === EVENT_PAYLOAD) {
      const stamp = packet.readUInt32BE(4);
      if (stamp !== this.#lastKeyHeard) this.keysHeard += EVENTS[body[0] ?? 99] ?? "?";
      this.#lastKeyHeard = stamp;
      return;
    }
    const codec = payload === PAYLOAD.PCMA ? "PCMA" : payload === PAYLOAD.PCMU ? "PCMU" : null;
    if (!codec) return;
    this.#pad(packet.readUInt32BE(8), packet.readUInt32BE(4));
    this.#keep(decode(codec, body));
    this.#last = { ssrc: packet.readUInt32BE(8), next: (packet.readUInt32BE(4) + body.length) >>> 0, atMs: performance.now() };
  }

  /** A pause in the stream is silence in the recording: by the sender's clock, or by ours when another sender takes over. */
  #pad(ssrc: number, timestamp: number): void {
    if (this.#last.ssrc === -1) return;
    const skipped = (timestamp - this.#last.next) >>> 0;
    const byClock = Math.round(((performance.now() - this.#last.atMs - PACKET_MS) * RATE_HZ) / 1000);
    const gap = ssrc === this.#last.ssrc && skipped < RATE_HZ * 30 ? skipped : byClock;
    if (gap > PACKET_SAMPLES && gap < RATE_HZ * 30) this.#keep(new Int16Array(gap));
  }

  #keep(samples: Int16Array): void {
    const length = this.#heardLength + samples.length;
    if (length > HEARD_SAMPLES_MAX) return;
    if (length > this.#heard.length) {
      const grown = new Int16Array(this.#heard.length * 2);
      grown.set(this.#heard);
      this.#heard = grown;
    }
    this.#heard.set(samples, this.#heardLength);
    this.#heardLength = length;
  }
}
