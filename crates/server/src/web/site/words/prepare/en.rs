//! The page that prepares a call, in English.

use super::{Done, Errors, Prepare, TopicWords};

const fn topic(name: &'static str, have: &'static [&'static str]) -> TopicWords {
    TopicWords { name, have }
}

const PHONE: &str = "The phone whose number is registered with your wallet";
const TRANSACTION: &str = "The transaction number: twelve digits, in the app under the payment; the last six will do";
const WHEN: &str = "Day and time, the amount, and who was to receive it";
const SCREEN: &str = "What the app says, word for word, or a screenshot of it";

pub(in crate::web::site::words) const PREPARE: Prepare = Prepare {
    title: "Prepare your call",
    lead: "Say beforehand what it is about. You get a call pass of six digits: key it when the hotline asks for the language, and \
           you skip the menus and do not have to tell it all again.",
    choose: "What is your call about?",
    services: ["Account", "Transactions", "Security", "Refunds and complaints", "Features"],
    topics: [
        topic("Opening an account", &["The phone number you want to register", "An identity document", SCREEN]),
        topic("Logging in", &[PHONE, SCREEN, "Which device and which version of the app you use"]),
        topic("A locked account or forgotten password", &[PHONE, "When you last logged in", SCREEN]),
        topic("A stolen account", &[PHONE, "What you noticed first, and when", "Payments that you did not make"]),
        topic("Closing an account", &[PHONE, "A balance of zero, or where the rest is to go", "Refunds that are still open"]),
        topic("Where one transaction stands", &[PHONE, TRANSACTION, WHEN]),
        topic("A payment you did not make", &[PHONE, TRANSACTION, "Devices that are logged in, as the app lists them"]),
        topic("A wrong amount, a wrong payee, paid twice", &[PHONE, TRANSACTION, WHEN]),
        topic("Two-step log-in", &[PHONE, "The device with your authenticator app", SCREEN]),
        topic("Protecting your account", &[PHONE, "Devices that are logged in, as the app lists them"]),
        topic("A suspicious call, number or message", &["The number or address it came from", "What was asked of you", SCREEN]),
        topic("A refund", &[PHONE, TRANSACTION, "What the merchant answered"]),
        topic("A complaint", &["What happened, in order", TRANSACTION, "What you want to be done"]),
        topic("A complaint about this hotline", &["Day and time of the call", "The agent's number, if you noted it"]),
        topic("A suggestion", &["What you would change, and why"]),
        topic("What is new", &["The version of the app you use"]),
        topic("How to use something", &["What you want to do", SCREEN]),
    ],
    another: "Choose another topic",
    have_ready: "Have at hand",
    never: "Never tell anybody, us included",
    never_tell: [
        "Your password or your payment PIN",
        "A code from a text message or an authenticator app",
        "The whole number of a card",
    ],
    form: "Write it down",
    form_lead: "Everything here is optional. The agent sees it when your call is answered.",
    optional: "optional",
    transaction: "Transaction number",
    transaction_hint: "Twelve digits, or the last six.",
    description: "What happened?",
    description_hint: "Up to 1,000 characters. No passwords, no codes.",
    error_text: "What did the app say?",
    error_text_hint: "Paste it here, up to 2,000 characters.",
    screenshot: "Screenshot",
    screenshot_hint: "PNG, JPEG or WebP, up to 2 MB. What the file says of place and device is removed.",
    kept: "Kept for 24 hours, then deleted. Only the agent on your call sees it. Passwords, codes and numbers of cards and persons \
           are taken out before anything is kept.",
    make: "Get my call pass",
    wrong: "There is no call pass yet.",
    errors: Errors {
        description_too_long: "The description has more than 1,000 characters: please shorten it.",
        error_text_too_long: "The text has more than 2,000 characters: please keep the part with the message.",
        not_a_transaction: "This is no transaction number: please give its twelve digits, or the last six.",
        picture_too_large: "The screenshot has more than 2 MB: please crop it to the part that matters.",
        picture_unknown: "This file is no PNG, JPEG or WebP picture: please choose another one.",
        picture_damaged: "This picture is damaged: please take the screenshot again.",
        no_room: "No more screenshots can be taken just now: please send it without one.",
        unreadable: "What was sent cannot be read: please fill in the form again.",
        unavailable: "No call pass can be made just now. You can call without one, or try again later.",
    },
    done: Done {
        title: "Your call pass",
        code: "Code",
        valid: "Valid until",
        time: "%-d %B, %H:%M",
        how: "How to use it",
        steps: [
            "Call us, by phone or from this page.",
            "When you hear the question for the language, key the six digits. No other key is needed.",
            "If you are cut off, call again and key it again.",
        ],
        call: "Call from this page with your pass",
        removed: "We took this out of what you wrote before we kept it:",
        secrets: [
            "a password",
            "a one-time code",
            "a card number but for its last four digits",
            "an identity number",
            "a phone number but for its ends",
            "a mail address but for its ends",
        ],
        proves_nothing: "The pass does not prove who you are: we may still ask you to verify.",
    },
};
