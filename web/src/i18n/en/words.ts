// The shared words in English.

import type { Words } from "../zh-CN/words.ts";

export const words = {
  product: "Walletline",
  language: "Language",
  theme: "Appearance",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  services: {
    account: "Account",
    transactions: "Transactions",
    security: "Security",
    refunds: "Refunds and complaints",
    features: "Features",
    freeze: "Emergency freeze",
  },
  generalQueue: "General",
  problems: {
    "not-logged-in": "Your log-in has ended. Please log in again.",
    "wrong-credentials": "The user name or the password is not right.",
    forbidden: "Your account may not do this.",
    "not-found": "Not found.",
    "offer-over": "This call went to someone else, or the caller hung up.",
    "not-your-contact": "This call is not with you.",
    busy: "Not now: you are busy with another call.",
    "answer-on-phone": "Your SIP phone is ringing. Answer it there.",
    "not-an-agent": "This account takes no calls.",
    "invalid-input": "Something filled in is not acceptable.",
    "too-many-requests": "Too many tries. Please wait a little.",
    conflict: "This has just been changed elsewhere. Please try again.",
    unavailable: "The service is not available just now. Please try again soon.",
    "missing-header": "The request was refused. Please reload the page.",
    unreachable: "The server cannot be reached. Please check the network.",
  },
  microphone: {
    unknown: "Microphone not known yet",
    granted: "Microphone ready",
    prompt: "Microphone not allowed yet",
    denied: "Microphone blocked by the browser",
    missing: "No microphone found",
    unsupported: "This browser or address cannot use a microphone",
  },
  mute: "Mute",
  unmute: "Unmute",
  hangUp: "Hang up",
  close: "Close",
  retry: "Try again",
} satisfies Words;
