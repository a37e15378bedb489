// Sound as numbers: G.711, tones and how to find them, WAV files, and whether one recording contains another. Samples are
// 16-bit at 8 kHz unless a name says otherwise.

export const RATE_HZ = 8000;
export type Codec = "PCMA" | "PCMU";

const DECODE: Record<Codec, Int16Array> = { PCMA: table(decodeALaw), PCMU: table(decodeMuLaw) };
const ENCODE: Record<Codec, Uint8Array> = { PCMA: inverse(DECODE.PCMA), PCMU: inverse(DECODE.PCMU) };
/** What a codec sends for nothing. */
export const SILENCE: Record<Codec, number> = { PCMA: 0xd5, PCMU: 0xff };

export function decode(codec: Codec, payload: Uint8Array): Int16Array {
  return Int16Array.from(payload, (byte) => DECODE[codec][byte] ?? 0);
}

export function encode(codec: Codec, samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => ENCODE[codec][(sample + 32768) >> 2] ?? 0);
}

/** ITU-T G.711, table 1a, as every decoder writes it. */
function decodeALaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  let value = ((code & 15) << 4) + 8;
  if (exponent > 0) value = (value + 0x100) << (exponent - 1);
  return code & 0x80 ? value : -value;
}

/** ITU-T G.711, table 2a. */
function decodeMuLaw(byte: number): number {
  const code = ~byte & 0xff;
  const value = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return code & 0x80 ? -value : value;
}

function table(decodeByte: (byte: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, byte) => decodeByte(byte));
}

/** The nearest code of every sample, found by search: slow, once, and sure to agree with the decoder. */
function inverse(decoded: Int16Array): Uint8Array {
  const codes = [...decoded.keys()].sort((a, b) => (decoded[a] ?? 0) - (decoded[b] ?? 0));
  let at = 0;
  return Uint8Array.from({ length: 16384 }, (_, slot) => {
    const sample = slot * 4 - 32768;
    const away = (place: number) => Math.abs((decoded[codes[place] ?? 0] ?? 0) - sample);
    while (at + 1 < codes.length && away(at + 1) <= away(at)) at += 1;
    return codes[at] ?? 0;
  });
}

/** `samples` of a sine at about half of full scale, its phase following from `start`. */
export function sine(hz: number, start: number, samples: number, rate = RATE_HZ): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => Math.round(14_000 * Math.sin((2 * Math.PI * hz * (start + i)) / rate)));
}

export function rms(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  return Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
}

/** How much of the energy of `samples` is at `hz`, from 0 to 1 (Goertzel). */
export function share(samples: Int16Array, hz: number, rate = RATE_HZ): number {
  const energy = samples.reduce((sum, s) => sum + s * s, 0);
  if (energy === 0) return 0;
  const w = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [s1, s2] = [0, 0];
  for (const sample of samples) [s1, s2] = [sample + w * s1 - s2, s1];
  const power = s1 * s1 + s2 * s2 - w * s1 * s2;
  return Math.min(1, (2 * power) / (samples.length * energy));
}

/** Louder than the noise that a codec makes of silence. */
export const AUDIBLE_RMS = 60;

/** The longest silence in `samples`, milliseconds, measured in steps of 20 ms. */
export function longestSilenceMs(samples: Int16Array): number {
  const step = RATE_HZ / 50;
  let [longest, current] = [0, 0];
  for (let at = 0; at + step <= samples.length; at += step) {
    current = rms(samples.subarray(at, at + step)) < AUDIBLE_RMS ? current + 20 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

/** The sample at which sound begins, or -1. */
export function soundBegins(samples: Int16Array): number {
  const step = RATE_HZ / 100;
  for (let at = 0; at + step <= samples.length; at += step) {
    if (rms(samples.subarray(at, at + step)) >= AUDIBLE_RMS) return at;
  }
  return -1;
}

export type Match = { /** Normalised correlation, 1 for the same sound. */ likeness: number; /** Sample of `heard` at which it begins. */ at: number };

/** Where `wanted` sounds most alike in `heard`. One second of `wanted`, from its first sound on, is searched for. */
export function find(wanted: Int16Array, heard: Int16Array): Match {
  const begins = Math.max(0, soundBegins(wanted));
  const needle = wanted.subarray(begins, begins + RATE_HZ);
  // Every eighth shift first, on a quarter of the samples: speech at 8 kHz stays alike over half a millisecond.
  const coarse = best(needle, heard, 0, heard.length - needle.length, 2, 4);
  const fine = best(needle, heard, Math.max(0, coarse.at - 16), Math.min(heard.length - needle.length, coarse.at + 16), 1, 1);
  return { likeness: fine.likeness, at: fine.at - begins };
}

function best(needle: Int16Array, heard: Int16Array, from: number, to: number, shift: number, stride: number): Match {
  let found: Match = { likeness: 0, at: -1 };
  for (let at = from; at <= to; at += shift) {
    let [both, own, other] = [0, 0, 0];
    for (let i = 0; i < needle.length; i += stride) {
      const [a, b] = [needle[i] ?? 0, heard[at + i] ?? 0];
      both += a * b;
      own += a * a;
      other += b * b;
    }
    const likeness = own > 0 && other > 0 ? both / Math.sqrt(own * other) : 0;
    if (likeness > found.likeness) found = { likeness, at };
  }
  return found;
}

/** A mono 16-bit WAV as Chromium's fake microphone plays it. */
export function wav(samples: Int16Array, rate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.length * 2, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.length * 2)]);
}

/** The samples of a mono 8 kHz WAV: 16-bit PCM, A-law or µ-law. Anything else is a mistake of whoever made it. */
export function readWav(file: Buffer): Int16Array {
  if (file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WAVE") throw new Error("not a WAV file");
  let [format, channels, rate, bits] = [0, 0, 0, 0];
  for (let at = 12; at + 8 <= file.length; ) {
    const [name, length] = [file.toString("latin1", at, at + 4), file.readUInt32LE(at + 4)];
    if (name === "fmt ") {
      [format, channels] = [file.readUInt16LE(at + 8), file.readUInt16LE(at + 10)];
      [rate, bits] = [file.readUInt32LE(at + 12), file.readUInt16LE(at + 22)];
    }
    if (name === "data") {
      const data = file.subarray(at + 8, Math.min(file.length, at + 8 + length));
      if (channels !== 1 || rate !== RATE_HZ) throw new Error(`a prompt has ${channels} channels at ${rate} Hz`);
      if (format === 6) return decode("PCMA", data);
      if (format === 7) return decode("PCMU", data);
      if (format === 1 && bits === 16) return Int16Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(i * 2));
      throw new Error(`a prompt has format ${format} with ${bits} bits`);
    }
    at += 8 + length + (length & 1);
  }
  throw new Error("a WAV file without data");
}

/** The channels of a stereo 16-bit WAV as the hotline plays recordings. */
export function decodeStereoWav(file: Buffer): [Int16Array, Int16Array] {
  if (file.toString("latin1", 0, 4) !== "RIFF" || file.readUInt16LE(22) !== 2 || file.readUInt32LE(24) !== RATE_HZ) {
    throw new Error("not a stereo WAV of 8 kHz");
  }
  const frames = (file.length - 44) / 4;
  const channel = (which: number) => Int16Array.from({ length: frames }, (_, at) => file.readInt16LE(44 + at * 4 + which * 2));
  return [channel(0), channel(1)];
}
