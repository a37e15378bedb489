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

/// The caller pressed `9` while waiting: the caller is now served before everyone else, for a freeze. "You come first now. A person
/// will help you to freeze your account. Please stay on the line." Promises no freeze.
pub const QUEUE_URGENT: &str = "queue.urgent";

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

/// Every prompt above with the slot it must have, when it has one.
pub const ALL: [(&str, Option<&str>); 8] = [
    (MENU_WRONG, None),
    (MENU_PERSON, None),
    (QUEUE_POSITION, Some("position")),
    (QUEUE_URGENT, None),
    (QUEUE_RETURNED, None),
    (QUEUE_TIMEOUT, None),
    (AGENT_NUMBER, Some("number")),
    (CALL_CLOSING, None),
];

/// A value such as a slot of these prompts is filled with.
pub(super) fn example(slot: &str) -> Spoken {
    match slot {
        "position" => Spoken::Position(3),
        _ => Spoken::Digits("1024".to_owned()),
    }
}
