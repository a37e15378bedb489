//! What public pages say. One struct per page, one constant per language: a page whose translation is missing does not compile.

pub(super) mod account;
pub(super) mod cases;
pub(super) mod directory;
mod en;
mod evidence;
mod hours;
pub(super) mod prepare;
pub(super) mod refund;
pub(super) mod tracking;
mod zh_cn;

pub(super) use hours::Hours;

use walletline_core::kernel::language::Language;

/// The words of every page.
pub(super) struct Words {
    pub(super) shared: Shared,
    pub(super) home: Home,
    pub(super) call: Call,
    pub(super) article: Article,
    pub(super) search: Search,
    pub(super) offline: Offline,
    pub(super) prepare: prepare::Prepare,
    pub(super) hours: Hours,
}

/// The frame of every page, and what several of them say.
pub(super) struct Shared {
    /// The language's name for itself.
    pub(super) own_name: &'static str,
    pub(super) skip: &'static str,
    pub(super) help: &'static str,
    pub(super) menu: &'static str,
    /// Entries of the menu.
    pub(super) home: &'static str,
    pub(super) hours: &'static str,
    pub(super) call: &'static str,
    pub(super) way_back: &'static str,
    pub(super) choices: &'static str,
    pub(super) colours: &'static str,
    /// As the device, light, dark.
    pub(super) themes: [&'static str; 3],
    pub(super) official_number: &'static str,
    pub(super) all_numbers: &'static str,
    pub(super) check: &'static str,
    pub(super) prepare: &'static str,
    pub(super) never_asks: &'static str,
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    pub(super) search: &'static str,
    pub(super) search_hint: &'static str,
}

/// The first page.
pub(super) struct Home {
    pub(super) title: &'static str,
    pub(super) call_us: &'static str,
    pub(super) save_it: &'static str,
    pub(super) dial: &'static str,
    pub(super) freeze_any_time: &'static str,
    pub(super) tasks_heading: &'static str,
    /// What the tasks are called, and what they lead to; in the order of [`TASKS`].
    pub(super) tasks: [(&'static str, &'static str); TASKS.len()],
    pub(super) articles_heading: &'static str,
    /// As topics are listed in the core.
    pub(super) topics: [&'static str; 5],
}

/// Where the tasks of the first page lead.
pub(super) const TASKS: [&str; 12] = [
    "/help/account",
    "/help/articles/unlock-account",
    "/help/articles/delayed-transaction",
    "/help/articles/processing-times",
    "/help/articles/freeze-account",
    "/help/dispute",
    "/help/articles/refund",
    "/help/complain",
    "/help/articles/suspicious-call",
    "/help/check",
    "/help/prepare",
    "/help/call",
];

/// An article's page.
pub(super) struct Article {
    pub(super) official_numbers: &'static str,
    pub(super) on_the_phone: &'static str,
    pub(super) language_first: &'static str,
    pub(super) review_due: &'static str,
    pub(super) checked_on: &'static str,
    pub(super) version: &'static str,
    pub(super) related: &'static str,
    pub(super) still_open: &'static str,
    pub(super) still_open_text: &'static str,
    pub(super) missing: &'static str,
    pub(super) missing_text: &'static str,
}

/// What was found.
pub(super) struct Search {
    pub(super) title: &'static str,
    pub(super) ask: &'static str,
    pub(super) nothing: &'static str,
    pub(super) nothing_text: &'static str,
    /// Before and after the number of articles.
    pub(super) found: (&'static str, &'static str),
}

impl Search {
    /// How many articles were found.
    pub(super) fn found(&self, articles: usize) -> String {
        format!("{}{articles}{}", self.found.0, self.found.1)
    }
}

/// Without a network.
pub(super) struct Offline {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) freeze: &'static str,
    pub(super) retry: &'static str,
}

/// A call from the page.
pub(super) struct Call {
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) no_line: &'static str,
    pub(super) needs_script: &'static str,
    pub(super) unsupported: &'static str,
    /// Another tab holds a call.
    pub(super) elsewhere: &'static str,
    pub(super) call_heading: &'static str,
    pub(super) call_text: &'static str,
    pub(super) call_now: &'static str,
    pub(super) facts: [&'static str; 3],
    pub(super) by_phone: &'static str,
    pub(super) by_phone_text: &'static str,
    pub(super) keys_heading: &'static str,
    pub(super) keys: [(&'static str, &'static str); 4],
    pub(super) test_heading: &'static str,
    pub(super) test_text: &'static str,
    pub(super) test_microphone: &'static str,
    pub(super) test_stop: &'static str,
    pub(super) test_echo: &'static str,
    pub(super) test_tone: &'static str,
    pub(super) test_quiet: &'static str,
    pub(super) test_heard: &'static str,
    pub(super) test_recording: &'static str,
    pub(super) test_playing: &'static str,
    pub(super) test_tone_playing: &'static str,
    pub(super) denied: &'static str,
    pub(super) missing: &'static str,
    pub(super) sheet: &'static str,
    pub(super) says: CallSays,
    pub(super) mute: &'static str,
    pub(super) unmute: &'static str,
    pub(super) keypad: &'static str,
    pub(super) pressed: &'static str,
    pub(super) hang_up: &'static str,
    pub(super) after: &'static str,
    pub(super) call_again: &'static str,
    pub(super) close: &'static str,
}

/// What the sheet says of a call and of its end.
pub(super) struct CallSays {
    pub(super) microphone: &'static str,
    pub(super) calling: &'static str,
    pub(super) talking: &'static str,
    pub(super) silent: &'static str,
    /// A page could not be fetched meanwhile.
    pub(super) unreachable: &'static str,
    pub(super) hung_up: &'static str,
    pub(super) busy: &'static str,
    pub(super) overloaded: &'static str,
    pub(super) too_many: &'static str,
    pub(super) failed: &'static str,
    pub(super) lost: &'static str,
}

/// The words in one language.
pub(super) const fn of(language: Language) -> &'static Words {
    match language {
        Language::ZhCn => &zh_cn::WORDS,
        Language::En => &en::WORDS,
    }
}
