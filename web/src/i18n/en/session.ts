// Words of logging in with a second factor, and of the page for one's own log-in, in English.

import type { SessionMessages } from "../zh-CN/session.ts";

export const session = {
  heading: "Second factor",
  byCode: "Type the six digits that your authenticator shows.",
  byRecovery: "Type one of your recovery codes. Each works once.",
  code: "Code",
  recoveryCode: "Recovery code",
  useRecovery: "No authenticator at hand? Use a recovery code",
  useCode: "Use the authenticator",
  submit: "Continue",
  busy: "Checking…",
  logOut: "Log out",
  lost: "If you have neither, ask an admin for a reset.",
  setUp: {
    heading: "Set up a second factor",
    required: "Your role needs a second factor. Set one up to go on.",
    scan: "Scan this with your authenticator:",
    qr: "QR code for an authenticator",
    typed: "If you cannot scan, type this secret:",
    first: "The six digits it shows",
    begin: "Set up",
    submit: "Turn on",
  },
  recovery: {
    heading: "Recovery codes",
    text: "Each opens your account once, should you lose your authenticator. They are shown this once: write them down or print them, and keep them apart from this computer.",
    done: "I have kept them",
  },
  page: {
    title: "My log-in",
    toDesk: "Desk",
    on: "A second factor is on",
    off: "No second factor: the password alone logs you in",
    replace: "Replace the authenticator",
    renew: "New recovery codes",
    remove: "Turn the second factor off",
    removed: "The second factor is off.",
    needed: "Your role needs a second factor: you may replace it, and not turn it off.",
  },
  confirm: {
    heading: "Confirm that it is you",
    why: "This asks for a fresh confirmation. It counts for five minutes.",
    password: "Password",
    submit: "Confirm",
  },
} satisfies SessionMessages;
