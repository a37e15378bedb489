// Words of cases that a customer waits for: what they report, until when it is due, what is credited meanwhile, in English.

import type { CaseMessages } from "../zh-CN/cases.ts";

/** What was done in a case, for the timeline of a contact, and what came of it. */
export const caseActs = { provisional_credit: "Provisional credit", watch_transaction: "Transaction watched" };
export const caseOutcomes = { reversed: "taken back", kept: "left with the customer", started: "begun" };

export const cases = {
  report: {
    open: "Open a case",
    heading: "What does the customer tell?",
    explained: "Its reference appears in the contact. Nothing is said of whether there is such a payment.",
    transaction: "Transaction, where they name one",
    hint: "Twelve digits; may be left out",
    about: {
      unauthorised: "I did not make this payment",
      wrong_payee: "It went to somebody else",
      wrong_amount: "The amount is wrong",
      duplicate: "It was paid twice",
      not_received: "It never arrived",
      complaint: "A complaint",
    },
    done: "The case is being opened.",
  },
  grounds: "What went wrong",
  evidence: {
    heading: "Evidence",
    none: "Nothing was sent",
    add: "Add a file",
    taken: "PNG, JPEG or PDF, up to 10 MB.",
    notTaken: "Not taken: PNG, JPEG or PDF, up to 10 MB.",
    byCustomer: "sent by the customer",
    states: {
      clean: "Scanned, nothing found",
      not_scanned: "Not scanned: open it with care",
      waiting: "Waits for the scanner",
      infected: "Infected, erased",
      erased: "Erased",
    },
  },
  statement: {
    heading: "Written in a form",
    claimed: "Claimed, and proved by nothing: say nothing of an account on the strength of it.",
    number: "Phone number",
    transaction: "Transaction",
    hotline: "About this hotline",
    agent: (number: string) => `About agent ${number}`,
  },
  credit: {
    heading: "Provisional credit",
    states: {
      proposed: "Proposed",
      declined: "Declined",
      given: "Given",
      reversal_proposed: "To be taken back",
      reversed: "Taken back",
      final: "Stays with the customer",
    },
    amount: "Amount",
    currency: "Currency",
    people: (proposed: string, decided: string | null) =>
      decided === null ? `proposed by ${proposed}` : `proposed by ${proposed}, decided by ${decided}`,
    byHand: "Agreeing says that the money was moved at the wallet: the hotline moves none.",
    acts: {
      propose: "Propose",
      agree: "Agree",
      decline: "Decline",
      propose_reversal: "Propose to take back",
      keep: "Leave with the customer",
    },
  },
  clocks: {
    heading: "Deadlines",
    none: "No deadline runs for this case",
    phases: {
      running: "Runs",
      paused: "Stands still",
      over: "Deadline passed",
      met: "Met in time",
      met_late: "Met late",
      excepted: "Excepted",
    },
    lapsed: "No longer possible",
    unknown: (year: string) => `Unknown: the calendar lacks ${year}`,
    until: (at: string, zone: string) => `until ${at} (${zone})`,
    used: (percent: string) => `${percent} of the time used`,
    started: (what: string, at: string) => `${what}: ${at}`,
    source: "Source",
    marks: {
      S: "read in a primary text",
      s: "read in a secondary text",
      K: "common knowledge, to be confirmed",
      D: "our own default",
    } as Record<string, string>,
    checked: (on: string) => `checked on ${on}`,
    extended: (count: string) => `extended ${count}×`,
    needs: {
      reason: "needs a reason",
      holding_reply: "a holding reply was sent",
      approval: "a supervisor or compliance agrees",
      provisional_credit: "the amount was credited provisionally",
    },
    acts: {
      pause: "Pause",
      resume: "Go on",
      extend: (term: string) => `Extend to ${term}`,
      meet: "Done",
      except: "Exception holds",
    },
  },
  watch: {
    ask: "Tell the customer when it moves",
    begun: "The customer is told once, when it moves or becomes a case.",
  },
} satisfies CaseMessages;
