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
