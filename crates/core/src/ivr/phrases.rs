//! The prompts that the machines say by themselves, whatever the flow. Every language of a line must have all of them; `check`
//! looks for them as it looks for the prompts of a flow. What a flow says is named in the flow, never here.

use super::prompt::Spoken;
use crate::kernel::account_act::AccountAct;
use crate::pass::Topic;

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

/// Asks for a code of the wallet's second factor, and warns never to say it. The same whether or not one is enrolled.
pub const VERIFY_SECOND: &str = "verify.second";

/// Asks for it again after `*`.
pub const VERIFY_SECOND_AGAIN: &str = "verify.second.again";

/// The caller is verified.
pub const VERIFY_DONE: &str = "verify.done";

/// During a conversation: a code is on its way, if the number is registered; asks for it. Says that the agent hears nothing meanwhile,
/// and which keys lead on: `*` to hear more, `**` back to the agent.
pub const SECURE_CODE: &str = "secure.code";

/// Asks for the code again, with the keys for another one and for the agent.
pub const SECURE_AGAIN: &str = "secure.again";

/// During a conversation: asks for a code of the wallet's second factor. Says what [`SECURE_CODE`] says of the agent and the keys.
pub const SECURE_SECOND: &str = "secure.second";

/// Asks for it again, with the key for the agent.
pub const SECURE_SECOND_AGAIN: &str = "secure.second.again";

/// The customer is about to be heard by the agent again.
pub const SECURE_BACK: &str = "secure.back";

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

/// All of it went back.
pub const STATUS_REFUNDED: &str = "status.refunded";

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

/// Before the menu, where a transaction is on its way: `3` has it watched.
pub const STATUS_WATCH: &str = "status.watch";

/// It is watched: a message follows when it moves.
pub const STATUS_WATCHED: &str = "status.watched";

/// The text message is on its way.
pub const STATUS_TEXTED: &str = "status.texted";

/// What can go back; `1` asks for it, `#` leaves it. Slots `{transaction}`: the last six digits of its number, and `{amount}`.
pub const REFUND_OFFER: &str = "refund.offer";

/// It was asked for, and waits for the second factor: `1` to key that now. Slots `{transaction}` and `{reference}`.
pub const REFUND_WAITING: &str = "refund.waiting";

/// It was asked for, and is followed up. Slots `{transaction}` and `{reference}`.
pub const REFUND_ASKED_FOR: &str = "refund.asked_for";

/// The caller did not pay it. Slot `{transaction}`; in the next three too.
pub const REFUND_NOT_THE_PAYER: &str = "refund.not_the_payer";

/// It is not completed.
pub const REFUND_NOT_COMPLETED: &str = "refund.not_completed";

/// All of it went back before.
pub const REFUND_REVERSED: &str = "refund.reversed";

/// Its kind is not given back.
pub const REFUND_NOT_REFUNDABLE: &str = "refund.not_refundable";

/// Asks for a code of the second factor; `0` and `#` go on without.
pub const REFUND_SECOND: &str = "refund.second";

/// It is asked for. Slot `{reference}`: also sent as a text message.
pub const REFUND_TAKEN: &str = "refund.taken";

/// It is approved, and carried out.
pub const REFUND_APPROVED: &str = "refund.approved";

/// A second person decides. Slot `{within}`: a length of time.
pub const REFUND_WAITS: &str = "refund.waits";

/// It needs the second factor, and how that is shown later. Slot `{within}`: a length of time.
pub const REFUND_NEEDS_FACTOR: &str = "refund.needs_factor";

/// A person has to do this refund.
pub const REFUND_PERSON: &str = "refund.person";

/// After an answer: `1` another transaction, `0` a person.
pub const REFUND_MENU: &str = "refund.menu";

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

/// To whose registered phone or mail a link goes: the number, or `#` for the calling one. No word of accounts.
pub const LINK_NUMBER: &str = "link.number";

/// A link is on its way to what is registered, if anything is. The same whatever was done.
pub const LINK_SENT: &str = "link.sent";

/// Asks for a code of the wallet's second factor from whoever has one; `#` alone goes on without. The same for everybody.
pub const ACT_SECOND: &str = "act.second";

/// Nothing was changed: more must be shown, or a second person must agree. Slot `{reference}`. The same whatever the reason.
pub const ACT_NEEDS_MORE: &str = "act.needs_more";

/// Nothing was changed: something keeps the account open. Slot `{reference}`.
pub const ACT_OBSTACLES: &str = "act.obstacles";

/// Nothing was changed: this wallet does not offer it by telephone, and a person does it. Slot `{reference}`.
pub const ACT_UNSUPPORTED: &str = "act.unsupported";

/// Not confirmed yet. Slot `{reference}`.
pub const ACT_NOT_YET: &str = "act.not_yet";

/// What an act does, in a sentence or two; `1` confirms, `#` goes back.
#[must_use]
pub const fn act_confirm(act: AccountAct) -> &'static str {
    match act {
        AccountAct::SendLink => LINK_NUMBER,
        AccountAct::Unlock => "act.unlock.confirm",
        AccountAct::ResetPassword => "act.reset_password.confirm",
        AccountAct::RevokeSessions => "act.revoke_sessions.confirm",
        AccountAct::SecureAccount => "act.secure_account.confirm",
        AccountAct::EnrolFactor => "act.enrol_factor.confirm",
        AccountAct::CloseAccount => "act.close_account.confirm",
        AccountAct::KeepOpen => "act.keep_open.confirm",
        // No keypad asks for it: a flow that did would be refused.
        AccountAct::UnlockFraud => MENU_PERSON,
    }
}

/// It is done, and what follows. Slot `{reference}`, but of a link.
#[must_use]
pub const fn act_done(act: AccountAct) -> &'static str {
    match act {
        AccountAct::SendLink => LINK_SENT,
        AccountAct::Unlock => "act.unlock.done",
        AccountAct::ResetPassword => "act.reset_password.done",
        AccountAct::RevokeSessions => "act.revoke_sessions.done",
        AccountAct::SecureAccount => "act.secure_account.done",
        AccountAct::EnrolFactor => "act.enrol_factor.done",
        AccountAct::CloseAccount => "act.close_account.done",
        AccountAct::KeepOpen => "act.keep_open.done",
        AccountAct::UnlockFraud => ACT_NEEDS_MORE,
    }
}

/// A person has to do this freeze.
pub const FREEZE_LIMIT: &str = "freeze.limit";

/// The people's hours are over or have not begun.
pub const LINE_CLOSED: &str = "line.closed";

/// The people are off for a holiday.
pub const LINE_HOLIDAY: &str = "line.holiday";

/// The people are away for a closure of its own.
pub const LINE_CLOSURE: &str = "line.closure";

/// They are back today. Slot `{time}`.
pub const LINE_BACK_TODAY: &str = "line.back.today";

/// They are back tomorrow. Slot `{time}`.
pub const LINE_BACK_TOMORROW: &str = "line.back.tomorrow";

/// They are back on a later day. Slots `{date}` and `{time}`.
pub const LINE_BACK_ON: &str = "line.back.on";

/// What works without them: a transaction, answers, the freeze, a request to be called back. The menu follows.
pub const LINE_STILL: &str = "line.still";

/// More callers than usual. The menu follows.
pub const LINE_OVERLOAD: &str = "line.overload";

/// Something is disturbed, and it is known. The menu follows.
pub const LINE_INCIDENT: &str = "line.incident";

/// In place of [`MENU_PERSON`] where nobody is there: a request to be called back follows.
pub const MENU_CALLBACK: &str = "menu.callback";

/// In place of [`STATUS_UNAVAILABLE`] where nobody is there.
pub const STATUS_UNAVAILABLE_CLOSED: &str = "status.unavailable.closed";

/// How long it takes, after the place in the queue. Slots `{from}` and `{to}`: lengths of time.
pub const QUEUE_WAIT: &str = "queue.wait";

/// The same from nothing. Slot `{to}`: a length of time.
pub const QUEUE_WAIT_UP_TO: &str = "queue.wait.up_to";

/// `1` to be called back, `2` to wait.
pub const CALLBACK_CHOICE: &str = "callback.choice";

/// `1` the calling number, `2` another one, `#` no call back.
pub const CALLBACK_OWN: &str = "callback.own";

/// The calling number was not shown: `1` a call back, `#` none.
pub const CALLBACK_OFFER: &str = "callback.offer";

/// Asks for the number.
pub const CALLBACK_NUMBER: &str = "callback.number";

/// Nobody answers: we hang up afterwards.
pub const CALLBACK_GOODBYE: &str = "callback.goodbye";

/// Is it right? `1` yes. Slot `{number}`: digit by digit.
pub const CALLBACK_CONFIRM: &str = "callback.confirm";

/// The request is noted. Slot `{reference}`.
pub const CALLBACK_TAKEN: &str = "callback.taken";

/// The reference also comes by text message.
pub const CALLBACK_TEXTED: &str = "callback.texted";

/// No request was noted.
pub const CALLBACK_FAILED: &str = "callback.failed";

/// How long each kind of transaction usually takes. Slots `{usual}` and `{late}`: lengths of time.
pub const TIMES: [&str; 5] =
    ["times.wallet_to_wallet", "times.merchant_payment", "times.bank_transfer", "times.cross_border", "times.refund"];

/// Before anything is recorded, on a line that records: that the call is recorded, what for, and that `8` goes on without. Also the
/// last thing before an agent where it was cut short till then.
pub const RECORDING_NOTICE: &str = "recording.notice";

/// `8`: the call is not recorded. The menu follows.
pub const RECORDING_DECLINED: &str = "recording.declined";

/// Follows the question for the language where passes are taken: whoever has a call pass keys it now. As short as it can be.
pub const PASS_OFFER: &str = "pass.offer";

/// No pass can be used under the code that was keyed; the question for the language follows. The same for a code that was never
/// given out and for one that has expired.
pub const PASS_WRONG: &str = "pass.wrong";

/// A call pass was taken over, and what it is about: one short sentence, so that its owner knows it for theirs.
#[must_use]
pub const fn pass_taken(topic: Topic) -> &'static str {
    match topic {
        Topic::Register => "pass.taken.account.register",
        Topic::LogIn => "pass.taken.account.login",
        Topic::Locked => "pass.taken.account.locked",
        Topic::Stolen => "pass.taken.account.stolen",
        Topic::Close => "pass.taken.account.close",
        Topic::Status => "pass.taken.transactions.status",
        Topic::Unknown => "pass.taken.transactions.unknown",
        Topic::Wrong => "pass.taken.transactions.wrong",
        Topic::TwoStep => "pass.taken.security.two_step",
        Topic::Protect => "pass.taken.security.protect",
        Topic::Suspicious => "pass.taken.security.suspicious",
        Topic::Refund => "pass.taken.refunds.refund",
        Topic::Complaint => "pass.taken.refunds.complaint",
        Topic::Hotline => "pass.taken.refunds.hotline",
        Topic::Suggestion => "pass.taken.refunds.suggestion",
        Topic::New => "pass.taken.features.new",
        Topic::How => "pass.taken.features.how",
    }
}

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
    (VERIFY_SECOND, &[]),
    (VERIFY_SECOND_AGAIN, &[]),
    (VERIFY_DONE, &[]),
    (SECURE_CODE, &[]),
    (SECURE_AGAIN, &[]),
    (SECURE_SECOND, &[]),
    (SECURE_SECOND_AGAIN, &[]),
    (SECURE_BACK, &[]),
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
    (STATUS_REFUNDED, &["transaction"]),
    (STATUS_UNKNOWN, &["transaction"]),
    (STATUS_CASE, &["reference"]),
    (BASIS_OWN, &[]),
    (BASIS_RULE, &[]),
    (BASIS_PUBLISHED, &[]),
    (STATUS_MENU, &[]),
    (STATUS_TEXTED, &[]),
    (STATUS_WATCH, &[]),
    (STATUS_WATCHED, &[]),
    (REFUND_OFFER, &["transaction", "amount"]),
    (REFUND_WAITING, &["transaction", "reference"]),
    (REFUND_ASKED_FOR, &["transaction", "reference"]),
    (REFUND_NOT_THE_PAYER, &["transaction"]),
    (REFUND_NOT_COMPLETED, &["transaction"]),
    (REFUND_REVERSED, &["transaction"]),
    (REFUND_NOT_REFUNDABLE, &["transaction"]),
    (REFUND_SECOND, &[]),
    (REFUND_TAKEN, &["reference"]),
    (REFUND_APPROVED, &[]),
    (REFUND_WAITS, &["within"]),
    (REFUND_NEEDS_FACTOR, &["within"]),
    (REFUND_PERSON, &[]),
    (REFUND_MENU, &[]),
    (FREEZE_OWN, &[]),
    (FREEZE_NUMBER, &[]),
    (FREEZE_CONFIRM, &[]),
    (FREEZE_DONE, &["reference"]),
    (FREEZE_NOT_YET, &["reference"]),
    (FREEZE_LIMIT, &[]),
    (LINK_NUMBER, &[]),
    (LINK_SENT, &[]),
    (ACT_SECOND, &[]),
    (ACT_NEEDS_MORE, &["reference"]),
    (ACT_OBSTACLES, &["reference"]),
    (ACT_UNSUPPORTED, &["reference"]),
    (ACT_NOT_YET, &["reference"]),
    (act_confirm(AccountAct::Unlock), &[]),
    (act_done(AccountAct::Unlock), &["reference"]),
    (act_confirm(AccountAct::ResetPassword), &[]),
    (act_done(AccountAct::ResetPassword), &["reference"]),
    (act_confirm(AccountAct::RevokeSessions), &[]),
    (act_done(AccountAct::RevokeSessions), &["reference"]),
    (act_confirm(AccountAct::SecureAccount), &[]),
    (act_done(AccountAct::SecureAccount), &["reference"]),
    (act_confirm(AccountAct::EnrolFactor), &[]),
    (act_done(AccountAct::EnrolFactor), &["reference"]),
    (act_confirm(AccountAct::CloseAccount), &[]),
    (act_done(AccountAct::CloseAccount), &["reference"]),
    (act_confirm(AccountAct::KeepOpen), &[]),
    (act_done(AccountAct::KeepOpen), &["reference"]),
    (LINE_CLOSED, &[]),
    (LINE_HOLIDAY, &[]),
    (LINE_CLOSURE, &[]),
    (LINE_BACK_TODAY, &["time"]),
    (LINE_BACK_TOMORROW, &["time"]),
    (LINE_BACK_ON, &["date", "time"]),
    (LINE_STILL, &[]),
    (LINE_OVERLOAD, &[]),
    (LINE_INCIDENT, &[]),
    (MENU_CALLBACK, &[]),
    (STATUS_UNAVAILABLE_CLOSED, &[]),
    (QUEUE_WAIT, &["from", "to"]),
    (QUEUE_WAIT_UP_TO, &["to"]),
    (CALLBACK_CHOICE, &[]),
    (CALLBACK_OWN, &[]),
    (CALLBACK_OFFER, &[]),
    (CALLBACK_NUMBER, &[]),
    (CALLBACK_GOODBYE, &[]),
    (CALLBACK_CONFIRM, &["number"]),
    (CALLBACK_TAKEN, &["reference"]),
    (CALLBACK_TEXTED, &[]),
    (CALLBACK_FAILED, &[]),
    (TIMES[0], &["usual", "late"]),
    (TIMES[1], &["usual", "late"]),
    (TIMES[2], &["usual", "late"]),
    (TIMES[3], &["usual", "late"]),
    (TIMES[4], &["usual", "late"]),
    (RECORDING_NOTICE, &[]),
    (RECORDING_DECLINED, &[]),
    (PASS_OFFER, &[]),
    (PASS_WRONG, &[]),
    (pass_taken(Topic::Register), &[]),
    (pass_taken(Topic::LogIn), &[]),
    (pass_taken(Topic::Locked), &[]),
    (pass_taken(Topic::Stolen), &[]),
    (pass_taken(Topic::Close), &[]),
    (pass_taken(Topic::Status), &[]),
    (pass_taken(Topic::Unknown), &[]),
    (pass_taken(Topic::Wrong), &[]),
    (pass_taken(Topic::TwoStep), &[]),
    (pass_taken(Topic::Protect), &[]),
    (pass_taken(Topic::Suspicious), &[]),
    (pass_taken(Topic::Refund), &[]),
    (pass_taken(Topic::Complaint), &[]),
    (pass_taken(Topic::Hotline), &[]),
    (pass_taken(Topic::Suggestion), &[]),
    (pass_taken(Topic::New), &[]),
    (pass_taken(Topic::How), &[]),
];

/// A value such as a slot of these prompts is filled with.
pub(super) fn example(slot: &str) -> Spoken {
    match slot {
        "position" => Spoken::Position(3),
        "reference" => Spoken::Id("R123456782".to_owned()),
        "date" => Spoken::Date { year: 2026, month: 12, day: 31 },
        "time" => Spoken::Time { hour: 17, minute: 5 },
        "usual" | "from" | "to" => Spoken::Duration(1_800),
        "within" => Spoken::Duration(259_200),
        "amount" => Spoken::Money { minor: 19_900, currency: "CNY".to_owned() },
        "late" => Spoken::BusinessDays(2),
        _ => Spoken::Digits("1024".to_owned()),
    }
}
