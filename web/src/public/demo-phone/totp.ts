// Time-based one-time passwords (RFC 6238): SHA-1, 30 s, six digits.

/** How long one code stands, milliseconds. */
export const STEP_MS = 30_000;

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const CODES = 1_000_000;

/** The code of a step, counted in steps since the epoch. */
export async function codeAt(secret: string, step: number): Promise<string> {
  const key = await crypto.subtle.importKey("raw", fromBase32(secret), { name: "HMAC", hash: "SHA-1" }, false, [
    "sign",
  ]);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const hash = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const offset = hash.getUint8(hash.byteLength - 1) & 0x0f;
  return String((hash.getUint32(offset) & 0x7fff_ffff) % CODES).padStart(6, "0");
}

/** RFC 4648 section 6, without padding. */
function fromBase32(text: string): Uint8Array<ArrayBuffer> {
  const bits = [...text].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
