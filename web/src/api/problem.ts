// What the server says when it refuses (RFC 9457), reduced to the stable slug that the screens translate.
// It must never show the server's own English sentence to a reader: words belong to i18n.

/** Slugs a screen has its own sentence for; anything else reads as `unavailable`. */
export const PROBLEM_SLUGS = [
  "not-logged-in",
  "wrong-credentials",
  "wrong-code",
  "second-factor-needed",
  "enrolment-needed",
  "fresh-factor-needed",
  "no-second-factor",
  "nothing-offered",
  "second-factor-required",
  "no-master-key",
  "no-passkeys-here",
  "passkey-known",
  "too-many-passkeys",
  "certificate-missing",
  "oneself",
  "no-such-certificate",
  "no-number",
  "not-waiting",
  "forbidden",
  "not-found",
  "offer-over",
  "not-your-contact",
  "not-connected",
  "already-asked",
  "unknown-target",
  "agent-busy",
  "agent-not-ready",
  "agent-not-there",
  "outside-closed",
  "outside-there",
  "call-full",
  "not-alone",
  "alone",
  "on-hold",
  "no-such-factor",
  "challenged",
  "not-challenged",
  "code-too-soon",
  "no-tries-left",
  "no-pushes-left",
  "already-verified",
  "verify-first",
  "not-enough-shown",
  "not-in-this-state",
  "somebody-else",
  "no-certificate",
  "nobody-named",
  "busy",
  "answer-on-phone",
  "not-your-team",
  "no-agent",
  "recording-unfinished",
  "already-held",
  "not-held",
  "held-too-often",
  "not-an-agent",
  "invalid-input",
  "too-many-requests",
  "conflict",
  "taken-by-another",
  "callback-over",
  "callback-not-taken",
  "clock-approval",
  "clock-ended",
  "clock-over",
  "clock-paused",
  "clock-running",
  "clock-no-pause",
  "clock-no-extension",
  "clock-credit-first",
  "clock-no-exception",
  "calendar-too-short",
  "credit-no-rule",
  "credit-not-so",
  "uploads-full",
  "upload-there",
  "case-closed",
  "no-transaction-asked",
  "unavailable",
  "missing-header",
  "unreachable",
] as const;

/** Slugs of the directory alone, which only its screen translates. */
export const DIRECTORY_SLUGS = [
  "own-proposal",
  "not-your-proposal",
  "proposal-waits",
  "nothing-proposed",
  "not-published",
  "confirmed-fake",
  "already-decided",
  "listed-as-official",
] as const;

export type DirectorySlug = (typeof DIRECTORY_SLUGS)[number];
export type ProblemSlug = (typeof PROBLEM_SLUGS)[number];

export const BASE = "https://walletline.dev/problems/";

/** A refusal by the server, or `unreachable` when no answer came. */
export class Problem extends Error {
  readonly slug: ProblemSlug;
  readonly status: number;
  /** What the directory refused; null for every other problem. */
  readonly directory: DirectorySlug | null;
  /** As the server named it, for screens that know more than the slugs above; empty when it named nothing. */
  readonly type: string;

  constructor(slug: ProblemSlug, status: number, directory: DirectorySlug | null = null, type = "") {
    super(slug);
    this.name = "Problem";
    this.slug = slug;
    this.status = status;
    this.directory = directory;
    this.type = type;
  }
}

/** The directory's slug of a problem's `type`; null for another one. */
export function directorySlugOf(type: unknown): DirectorySlug | null {
  return DIRECTORY_SLUGS.find((known) => type === BASE + known) ?? null;
}

/** The slug of a problem's `type`; `unavailable` for one this UI does not know. */
export function slugOf(type: unknown): ProblemSlug {
  const slug = typeof type === "string" && type.startsWith(BASE) ? type.slice(BASE.length) : "";
  return PROBLEM_SLUGS.find((known) => known === slug) ?? "unavailable";
}

/** The slug of whatever was thrown. */
export function slugOfError(error: unknown): ProblemSlug {
  return error instanceof Problem ? error.slug : "unavailable";
}
