// Acts on the customer's account, and what waits for a second person, in English.

export const accountActs = {
  heading: "The customer's account",
  look: "Show devices and protection",
  notOffered: "This wallet does not say what protects an account.",
  noDevices: "No device is bound.",
  sessions: (n: number) => (n === 1 ? "1 session open" : `${n} sessions open`),
  since: (at: string) => `since ${at}`,
  secondFactors: {
    active: "Two-step log-in is on",
    invited: "Two-step log-in was offered, and is not set up",
    blocked: "Two-step log-in is blocked after wrong codes",
    none: "No two-step log-in",
  },
  nobodyNamed: "Ask for the registered phone number first.",
  names: {
    send_link: "Send a link for a new password",
    unlock: "Unlock after failed log-ins",
    reset_password: "New password",
    revoke_sessions: "Log out every device",
    secure_account: "Freeze and log out every device",
    enrol_factor: "Set up two-step log-in",
    close_account: "Close the account",
    keep_open: "Keep an account that is being closed",
    unlock_fraud: "Unlock after a fraud lock",
  },
  needs: {
    A1: "Needs a number",
    A2: "Needs a code to the phone",
    A3: "Needs a second factor",
  },
  effects: {
    send_link:
      "A link to the wallet's own page goes to a registered phone or mail. It works once. You hear the same whether or not there is such an account; three a day.",
    unlock:
      "A lock after failed log-ins ends, every device is logged out, and every registered address is told. Another lock, or a second factor that was not shown, is not ended: a case opens.",
    reset_password:
      "Every device is logged out, and a link to the wallet's own page goes to the registered phone. The customer sets the password there; never take one by voice.",
    revoke_sessions: "Every session ends and every device is removed. The customer logs in again on their own.",
    secure_account:
      "The account is frozen, every session ends, every device is removed. The way back needs two factors.",
    enrol_factor:
      "A link to the wallet's own page, where the customer sets up two-step log-in, goes to the registered phone.",
    close_account:
      "The account cannot be used from now on and is closed in seven days; until then the customer may change their mind. Needs a zero balance, nothing pending and no open dispute.",
    keep_open: "The account is not closed and can be used again.",
    unlock_fraud:
      "The lock for fraud, or the freeze, ends and every device is logged out, once a second agent agrees. They find it in their list; it waits for a day.",
  },
  confirm: "Do it now",
  details: {
    awaiting_second: "Do not say it is done. A second agent has to agree.",
    committed: "Do not say it is done. Ask the caller to stay.",
    sending: "Do not say it is done. Ask the caller to stay.",
    unknown: "Do not say it is done. We keep trying under the same key.",
    reconciling: "Do not say it is done. We are asking the wallet what became of it.",
    done: "Done, where there is such an account. Its registered addresses are told.",
    declined: "Nothing was changed. The case is open.",
    given_up: "No answer in the time allowed. The case is open: a person has to find out.",
  },
  declined: {
    not_supported: "This wallet does not offer it. Nothing was changed; the case is open, to be done by hand.",
    needs_more:
      "Nothing was changed. It needs a second factor, or a second person: the account is held for another reason than failed log-ins, or has a second factor that was not shown. The case is open.",
    obstacles:
      "Nothing was changed. The balance must be zero, with nothing pending and no open dispute. The case is open.",
  },
};

export const waitingActs = {
  heading: "Waiting for a second person",
  askedBy: (number: string, at: string) => `asked for by agent ${number} at ${at}`,
  own: "You asked for this: somebody else decides.",
  agree: "Agree",
  disagree: "Do not agree",
};

/** What came of an act on a wallet, in a line of the record. */
export const actOutcomes = {
  awaiting_second: "waits for a second agent",
  agreed: "agreed by a second agent",
  done: "carried out",
  declined: "the wallet refused",
  unknown: "not confirmed yet",
  not_supported: "this wallet does not offer it",
  needs_more: "more must be shown, or a second person must agree",
  obstacles: "something keeps the account open",
};
