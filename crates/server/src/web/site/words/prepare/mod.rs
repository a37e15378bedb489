//! What the page says that prepares a call.

pub(super) mod en;
pub(super) mod zh_cn;

/// Preparing a call.
pub(in crate::web::site) struct Prepare {
    pub(in crate::web::site) title: &'static str,
    pub(in crate::web::site) lead: &'static str,
    /// Asks for the topic.
    pub(in crate::web::site) choose: &'static str,
    /// Services in the order of the hotline's keys.
    pub(in crate::web::site) services: [&'static str; 5],
    /// Topics in the order of the core's list.
    pub(in crate::web::site) topics: [TopicWords; 17],
    pub(in crate::web::site) another: &'static str,
    pub(in crate::web::site) have_ready: &'static str,
    pub(in crate::web::site) never: &'static str,
    pub(in crate::web::site) never_tell: [&'static str; 3],
    pub(in crate::web::site) form: &'static str,
    pub(in crate::web::site) form_lead: &'static str,
    pub(in crate::web::site) optional: &'static str,
    pub(in crate::web::site) transaction: &'static str,
    pub(in crate::web::site) transaction_hint: &'static str,
    pub(in crate::web::site) description: &'static str,
    pub(in crate::web::site) description_hint: &'static str,
    pub(in crate::web::site) error_text: &'static str,
    pub(in crate::web::site) error_text_hint: &'static str,
    pub(in crate::web::site) screenshot: &'static str,
    pub(in crate::web::site) screenshot_hint: &'static str,
    pub(in crate::web::site) kept: &'static str,
    pub(in crate::web::site) make: &'static str,
    pub(in crate::web::site) wrong: &'static str,
    pub(in crate::web::site) errors: Errors,
    pub(in crate::web::site) done: Done,
}

/// One thing that a call can be about.
pub(in crate::web::site) struct TopicWords {
    pub(in crate::web::site) name: &'static str,
    /// What to have at hand.
    pub(in crate::web::site) have: &'static [&'static str],
}

/// Why no pass was made.
pub(in crate::web::site) struct Errors {
    pub(in crate::web::site) description_too_long: &'static str,
    pub(in crate::web::site) error_text_too_long: &'static str,
    pub(in crate::web::site) not_a_transaction: &'static str,
    pub(in crate::web::site) picture_too_large: &'static str,
    pub(in crate::web::site) picture_unknown: &'static str,
    pub(in crate::web::site) picture_damaged: &'static str,
    pub(in crate::web::site) no_room: &'static str,
    pub(in crate::web::site) unreadable: &'static str,
    pub(in crate::web::site) unavailable: &'static str,
}

/// A pass that was made.
pub(in crate::web::site) struct Done {
    pub(in crate::web::site) title: &'static str,
    pub(in crate::web::site) code: &'static str,
    pub(in crate::web::site) valid: &'static str,
    /// How a day and a time are written, for `strftime`.
    pub(in crate::web::site) time: &'static str,
    pub(in crate::web::site) how: &'static str,
    pub(in crate::web::site) steps: [&'static str; 3],
    pub(in crate::web::site) call: &'static str,
    /// Stands before the list of what was taken out.
    pub(in crate::web::site) removed: &'static str,
    /// Secrets in the order of the core's list.
    pub(in crate::web::site) secrets: [&'static str; 6],
    pub(in crate::web::site) proves_nothing: &'static str,
}
