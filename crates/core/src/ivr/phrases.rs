//! The prompts that the machines say by themselves, whatever the flow. Every language of a line must have all of them; `check`
//! looks for them as it looks for the prompts of a flow. What a flow says is named in the flow, never here.

use super::prompt::Spoken;

/// A key that is no choice here; the question follows at once. Half a sentence: "This is not a choice here."
pub const MENU_WRONG: &str = "menu.wrong";

/// Three wrong answers or three silences: "I will connect you to a person." The queue follows.
pub const MENU_PERSON: &str = "menu.person";

/// While waiting, first after about a second and then every half minute. Slot `{position}`: the place in the queue, from 1. Short:
/// "You are number {position} in the queue. Please stay on the line."
pub const QUEUE_POSITION: &str = "queue.position";

/// The connection to the agent broke, through no fault of the caller: "The connection to our agent was lost. You are first in the
/// queue. Please stay on the line."
pub const QUEUE_RETURNED: &str = "queue.returned";

/// Nobody could take the call within the longest wait; we hang up afterwards. An apology, and when to try again: "We are sorry.
/// Nobody could take your call. Please call again later."
pub const QUEUE_TIMEOUT: &str = "queue.timeout";

/// Who answers, the last thing before the voices are joined; the agent hears it too. Slot `{number}`: the agent's number, digit by
/// digit. As short as it can be: "工号{number}为您服务", "Agent {number} is with you now."
pub const AGENT_NUMBER: &str = "agent.number";

/// The program is being stopped and the call cannot go on; we hang up afterwards. "The hotline restarts now. We are sorry. Please
/// call again in a few minutes."
pub const CALL_CLOSING: &str = "call.closing";

/// Said while the outside takes longer than a breath; music follows. "One moment, please."
pub const MOMENT: &str = "moment";

/// Asks for the registered phone number: `#` alone takes the calling one, `**` leads to the main menu.
pub const VERIFY_PHONE: &str = "verify.phone";

/// What was keyed cannot be a phone number; the question follows. Says nothing of accounts.
pub const VERIFY_PHONE_WRONG: &str = "verify.phone.wrong";

/// A code is on its way, if the number is registered; asks for it, and warns never to say it.
pub const VERIFY_CODE: &str = "verify.code";

/// Asks for the code again after `*`.
pub const VERIFY_CODE_AGAIN: &str = "verify.code.again";

/// The code proves nothing; asks for it again. The same whatever was wrong with it.
pub const VERIFY_CODE_WRONG: &str = "verify.code.wrong";

/// The caller is verified.
pub const VERIFY_DONE: &str = "verify.done";

/// Asks for a transaction number, or its last six digits.
pub const STATUS_ID: &str = "status.id";

/// What was keyed cannot be a transaction number; the question follows.
pub const STATUS_ID_WRONG: &str = "status.id.wrong";

/// This customer has no such transaction; the question follows. The same for one that belongs to somebody else.
pub const STATUS_NOT_FOUND: &str = "status.not_found";
/// Said when the last digits fit several. "More than one of your transactions ends with these digits. Please enter all 12."
pub const STATUS_SEVERAL: &str = "status.several";

/// The wallet does not answer; a person follows.
pub const STATUS_UNAVAILABLE: &str = "status.unavailable";

/// It arrived. Slot `{transaction}`: the last six digits of its number; in all that follow.
pub const STATUS_COMPLETED: &str = "status.completed";

/// On its way, and no longer than usual. Slots `{date}` and `{time}`: when it will be called late.
pub const STATUS_ON_TIME: &str = "status.on_time";

/// Longer than usual. Slots `{date}` and `{time}`: when it becomes a case.
pub const STATUS_LATE: &str = "status.late";

/// Past every expectation.
pub const STATUS_OVERDUE: &str = "status.overdue";

/// Failed, and the money is due back. Slot `{date}`.
pub const STATUS_REFUND_DUE: &str = "status.refund_due";

/// Failed.
pub const STATUS_FAILED: &str = "status.failed";

/// Nobody can say.
pub const STATUS_UNKNOWN: &str = "status.unknown";

/// A case follows it up. Slot `{reference}`: also sent as a text message.
pub const STATUS_CASE: &str = "status.case";

/// The expectation rests on the wallet's own figures.
pub const BASIS_OWN: &str = "basis.own";

/// The expectation rests on the rules of a scheme, or on a law.
pub const BASIS_RULE: &str = "basis.rule";

/// The expectation rests on what the network publishes.
pub const BASIS_PUBLISHED: &str = "basis.published";

/// After an answer: `2` as a text message, `1` another transaction, `0` a person.
pub const STATUS_MENU: &str = "status.menu";

/// The text message is on its way.
pub const STATUS_TEXTED: &str = "status.texted";

/// Whose account? `1` the calling number's, else the number.
pub const FREEZE_OWN: &str = "freeze.own";

/// Whose account? The calling number was not shown.
pub const FREEZE_NUMBER: &str = "freeze.number";

/// What a freeze stops and what it cannot; `1` confirms.
pub const FREEZE_CONFIRM: &str = "freeze.confirm";

/// The first of the two sentences. Slot `{reference}`.
pub const FREEZE_DONE: &str = "freeze.done";

/// The second of the two sentences. Slot `{reference}`.
pub const FREEZE_NOT_YET: &str = "freeze.not_yet";

/// A person has to do this freeze.
pub const FREEZE_LIMIT: &str = "freeze.limit";

/// How long each kind of transaction usually takes. Slots `{usual}` and `{late}`: lengths of time.
pub const TIMES: [&str; 5] =
    ["times.wallet_to_wallet", "times.merchant_payment", "times.bank_transfer", "times.cross_border", "times.refund"];

/// Every prompt above with the slots it must have.
pub const ALL: &[(&str, &[&str])] = &[
    (MENU_WRONG, &[]),
    (MENU_PERSON, &[]),
    (QUEUE_POSITION, &["position"]),
    (QUEUE_RETURNED, &[]),
    (QUEUE_TIMEOUT, &[]),
    (AGENT_NUMBER, &["number"]),
    (CALL_CLOSING, &[]),
    (MOMENT, &[]),
    (VERIFY_PHONE, &[]),
    (VERIFY_PHONE_WRONG, &[]),
    (VERIFY_CODE, &[]),
    (VERIFY_CODE_AGAIN, &[]),
    (VERIFY_CODE_WRONG, &[]),
    (VERIFY_DONE, &[]),
    (STATUS_ID, &[]),
    (STATUS_ID_WRONG, &[]),
    (STATUS_NOT_FOUND, &[]),
    (STATUS_SEVERAL, &[]),
    (STATUS_UNAVAILABLE, &[]),
    (STATUS_COMPLETED, &["transaction"]),
    (STATUS_ON_TIME, &["transaction", "date", "time"]),
    (STATUS_LATE, &["transaction", "date", "time"]),
    (STATUS_OVERDUE, &["transaction"]),
    (STATUS_REFUND_DUE, &["transaction", "date"]),
    (STATUS_FAILED, &["transaction"]),
    (STATUS_UNKNOWN, &["transaction"]),
    (STATUS_CASE, &["reference"]),
    (BASIS_OWN, &[]),
    (BASIS_RULE, &[]),
    (BASIS_PUBLISHED, &[]),
    (STATUS_MENU, &[]),
    (STATUS_TEXTED, &[]),
    (FREEZE_OWN, &[]),
    (FREEZE_NUMBER, &[]),
    (FREEZE_CONFIRM, &[]),
    (FREEZE_DONE, &["reference"]),
    (FREEZE_NOT_YET, &["reference"]),
    (FREEZE_LIMIT, &[]),
    (TIMES[0], &["usual", "late"]),
    (TIMES[1], &["usual", "late"]),
    (TIMES[2], &["usual", "late"]),
    (TIMES[3], &["usual", "late"]),
    (TIMES[4], &["usual", "late"]),
];

/// A value such as a slot of these prompts is filled with.
pub(super) fn example(slot: &str) -> Spoken {
    match slot {
        "position" => Spoken::Position(3),
        "reference" => Spoken::Id("R123456782".to_owned()),
        "date" => Spoken::Date { year: 2026, month: 12, day: 31 },
        "time" => Spoken::Time { hour: 17, minute: 5 },
        "usual" => Spoken::Duration(1_800),
        "late" => Spoken::BusinessDays(2),
        _ => Spoken::Digits("1024".to_owned()),
    }
}
