// The words of the wallet's app on the demo phone in English.

import type { WalletAppMessages } from "../zh-CN/wallet-app.ts";

export const walletApp = {
  heading: "Wallet app",
  ask: "Are they talking to me?",
  close: "Close",
  asking: "Checking…",
  talking: {
    agent: (agent: string, since: string) => `We are talking to you now: agent ${agent}, since ${since}`,
    nobody: (since: string) => `You are on our hotline since ${since}; no person has taken the call yet`,
    outside: (since: string) => `We handed your call on to somebody outside, since ${since}`,
    about: (service: string) => `About: ${service}`,
    line: (number: string) => `Line: ${number}`,
    compare:
      "Compare the number with the one you were told; if they differ, hang up. We never ask for codes or passwords aloud.",
  },
  calling_back: {
    title: (agent: string) => `Agent ${agent} is calling you back`,
    advice: "Compare the number. If the words or the number differ, hang up.",
    nobody: "You did not ask for a call? Hang up, and dial our official number yourself.",
  },
  callback: {
    booked: (reference: string) => `A call back is noted, reference ${reference}`,
    phrase: "When we call, we say these two words first:",
    noPhrase: "Its words have run out. Hang up on whoever says they are us, and ask for a call again.",
  },
  unconfirmed: {
    title: "Somebody is on a call with us under your number, and has not shown that it is you",
    advice:
      "If you dialled our official number yourself, go on and prove who you are when asked. If they called you, hang up.",
  },
  not_talking: {
    title: "We are not talking to you: hang up",
    advice: "Whoever says they are us is not. Hang up, and dial our official number yourself.",
  },
  offline: {
    title: "Offline: safer not to answer",
    advice: "We cannot check just now. Hang up, and dial our official number yourself later.",
  },
  checked: (at: string) => `Checked at ${at}`,
} satisfies WalletAppMessages;
