// Verifying a customer at the desk, in English.

import { message } from "./message.ts";

export const verification = {
  verify: "Verify",
  heading: "Verify the customer",
  factor: "By what",
  smsCode: "Code by text message to the registered phone",
  second: "Second factor, after that code",
  secondMissing: "Second factor: this wallet cannot be asked about it",
  askSecond: "Ask for the second factor",
  secondExplained:
    "The customer keys the code that their authenticator shows. Meanwhile you hear nothing, and the recording is silent.",
  app: "Code read out to the customer, typed into the wallet's app",
  askApp: "Have the app ask",
  appExplained:
    "You read out the code on this screen. The customer types it into the app, which shows your number, the time, and what it is for.",
  readOut: "Read out:",
  appShows: {
    verify: "The app shows your number and that it is about who is calling.",
    refund:
      "The app shows your number, the refund, its amount and where it goes. The approval is good for that refund alone.",
  } as Record<string, string>,
  appLimited: "The app did not ask: it was made to ask too often. The customer is not told.",
  endApp: "End it",
  appStates: {
    sending: "The app is made to ask",
    sent: "The app asks, if the number is registered. Read the code out",
    verified: "Verified in the app",
    failed: "Not verified: refused in the app, or worth nothing on that device",
    expired: "Not verified: nobody typed the code in time",
    ended: "Not verified: ended before the code was typed",
    not_a_number: "The app did not ask: that is no complete phone number",
  },
  whose: "Whose number",
  calling: "The calling number",
  other: "Another number, as the customer says it",
  number: "Registered phone number",
  explained: "The customer keys the code on their phone. Meanwhile you hear nothing, and the recording is silent.",
  send: "Send a code",
  another: "Send another code",
  end: "Back to the customer",
  unheard: "Nobody hears the customer meanwhile. The recording is silent.",
  limited: "No message was sent: too many codes were sent or wrong. The customer is not told.",
  triesLeft: (left: number) => (left === 1 ? "1 try left" : `${left} tries left`),
  message,
  states: {
    sending: "A code is asked for",
    sent: "Sent, if the number is registered. The customer may key the code",
    keying: "The customer is keying the code",
    checking: "The code is checked",
    wrong: "Not right. The customer may key it again",
    verified: "Verified by text-message code",
    failed: "Not verified: wrong too often",
    given_up: "Not verified: the customer came back to you",
    expired: "Not verified: the time for the code is over",
    ended: "Not verified: ended before a code was keyed",
    not_a_number: "No code was sent: that is no complete phone number",
    unavailable: "Not verified: the wallet does not answer",
  },
  secondStates: {
    sent: "Asked for. The customer may key the code of their authenticator",
    verified: "Verified by second factor",
  },
  outcomes: {
    started: "asked for",
    verified: "right",
    failed: "wrong too often",
    given_up: "the customer went back",
    expired: "time over",
    ended: "ended",
    not_a_number: "no phone number",
    unavailable: "no answer",
  },
};

export const pressure = {
  suspect: "Under pressure",
  heading: "Is the caller told what to do?",
  explained:
    "From now on nothing the caller shows counts in this call: nothing is told about the account, and nothing is changed. It cannot be taken back, and the caller hears nothing of it. A freeze stays possible.",
  note: "Yes, note it",
};
