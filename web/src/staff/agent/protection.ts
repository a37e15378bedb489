// How a leg's encryption, as the contract names it, is called by people who have to trust it.

/** The cipher in a few letters; none for media that is not encrypted. */
export function protectionOf(encryption: string): string | null {
  if (encryption === "none") return null;
  if (encryption === "dtls_srtp") return "DTLS-SRTP";
  const suite = encryption.replace(/^srtp_sdes:/, "");
  const known = SUITES[suite];
  // A newer server may know a suite that this page does not: its own name is still the truth.
  return known ?? suite;
}

const SUITES: Record<string, string> = {
  AES_CM_128_HMAC_SHA1_32: "SRTP AES-128",
  AES_CM_128_HMAC_SHA1_80: "SRTP AES-128",
  AEAD_AES_128_GCM: "SRTP AES-128-GCM",
  AEAD_AES_256_GCM: "SRTP AES-256-GCM",
};
