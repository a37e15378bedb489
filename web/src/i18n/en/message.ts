// What became of a message, in English.

export const message = {
  heading: "Text message:",
  states: {
    queued: "waits to be sent",
    sending: "is being sent",
    sent: "sent",
    delivered: "delivered",
    failed: "not delivered",
    expired: "not delivered in time",
  },
  channels: { sms: "Text message", mail: "Mail" },
  about: {
    code: "code",
    codes_blocked: "notice: codes refused",
    frozen: "notice: account frozen",
    status: "transaction status",
    callback_noted: "call back noted",
    case_opened: "case opened",
    credit: "provisional credit",
  },
  reasons: {
    prefix_not_allowed: "not a number this wallet sends to",
    wallet_cap: "the wallet's limit for today is reached",
    cost_cap: "the wallet's budget for today is used up",
    prefix_cap: "the limit for these numbers is reached",
    range_cap: "the limit for these numbers is reached",
    no_route: "no way to send it",
    no_answer: "the gateway does not answer",
  },
};
