//! Public pages in English.

use super::{Home, Shared, Words};

pub(super) const WORDS: Words = Words { shared: SHARED, home: HOME };

const SHARED: Shared = Shared {
    own_name: "English",
    skip: "Skip to the content",
    help: "Help",
    choices: "Language and wallet",
    colours: "Appearance",
    themes: ["As the device", "Light", "Dark"],
    official_number: "Official hotline:",
    never_asks: "We never ask for your password, and never for a code to be read out or sent to us.",
};

const HOME: Home = Home { title: "How can we help?", call_us: "Call the official hotline" };
