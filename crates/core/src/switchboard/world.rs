//! What the switchboard is told once, at the start: the directory, the flows, what can be said, who works here, and every bound
//! and time-out by name. Nothing here changes while it runs.

use crate::agent::Staff;
use crate::identity::Ladder;
use crate::ivr::flow::Flow;
use crate::ivr::prompt::Catalog;
use crate::ivr::run::UsualTime;
use crate::kernel::{
    language::Language,
    time::{Span, Wall},
};
use crate::queue::{
    Strategy,
    hours::{Hours, Standing},
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything a switchboard stands on.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Which numbers there are and where they lead.
    pub directory: Directory,
    /// Everything that can be said.
    pub catalog: Catalog,
    /// Everybody who works here; those whose role takes calls become agents.
    pub staff: Vec<Staff>,
    /// Bounds and time-outs.
    pub settings: Settings,
}

/// Lines, queues and flows.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// Lines, each number once.
    pub lines: Vec<Line>,
    /// Queues, each id once.
    pub queues: Vec<Queue>,
    /// Flows, each id once, checked by [`crate::ivr::check`].
    pub flows: Vec<Flow>,
    /// Numbers outside that calls may be handed on to, each id once.
    pub outside: Vec<OutsideNumber>,
}

/// A number outside that calls of a wallet may be handed on to. Nobody types one: these are all there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideNumber {
    /// Its name among them.
    pub id: String,
    /// The wallet whose calls may go there, by id.
    pub wallet: String,
    /// Who is reached there, as screens say it.
    pub names: BTreeMap<Language, String>,
    /// What is dialled.
    pub number: String,
    /// The trunk that carries the call, by id; none for the first one that may.
    pub trunk: Option<String>,
    /// When somebody is there; always, when there is no plan.
    pub hours: Option<Arc<Hours>>,
}

impl OutsideNumber {
    /// Somebody is there at an instant.
    #[must_use]
    pub fn is_open(&self, at: Wall) -> bool {
        self.hours.as_ref().is_none_or(|hours| matches!(hours.status(None, at), Standing::Open { .. }))
    }

    /// Whether a phone that dials this means the number: by its id, or by the number as people write it.
    #[must_use]
    pub fn is_meant_by(&self, dialled: &str) -> bool {
        self.id == dialled || plain(dialled) == plain(&self.number)
    }
}

/// A number without what only the eye needs (RFC 3966: `-`, `.`, brackets), and two zeros before the country as a plus.
fn plain(number: &str) -> String {
    let bare: String = number.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    bare.strip_prefix("00").map_or_else(|| bare.clone(), |international| format!("+{international}"))
}

/// A number that customers dial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As dialled.
    pub number: String,
    /// The wallet whose line it is, by id.
    pub wallet: String,
    /// The flow that answers, by id.
    pub flow: String,
    /// Languages spoken, the first one first. At least one.
    pub languages: Vec<Language>,
    /// Calls at the same time; the next one hears busy.
    pub calls_max: usize,
    /// The wallet can be asked: accounts can be frozen.
    pub connected: bool,
    /// A code can reach a customer: callers can be verified.
    pub verifies: bool,
    /// The wallet can be asked about codes of its second factor.
    pub second: bool,
    /// How long transactions of the wallet usually take.
    pub times: Arc<[UsualTime]>,
    /// Its calls are recorded, once the customer has heard of it.
    pub records: bool,
    /// The customer hears the agent's number before they are connected.
    pub announces: bool,
    /// How long a recording of its calls stays that nothing else keeps.
    pub keep_recordings: Span,
    /// When people are there; always, when there is no plan.
    pub hours: Option<Arc<Hours>>,
    /// The state it is held in, whatever the plan says.
    pub held: Option<LineState>,
}

/// How a line can be held, whatever its plan says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    /// People are there.
    Open,
    /// Nobody is there.
    Closed,
    /// Nobody is there because of a holiday.
    Holiday,
    /// More callers than usual: a call back is offered before they wait.
    Overload,
    /// Something is disturbed, and every caller is told.
    Incident,
}

/// A queue of a wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// `{wallet}-{name}`: see [`queue_id`].
    pub id: String,
    /// The wallet, by id.
    pub wallet: String,
    /// The name by which flows call it.
    pub name: String,
    /// What an agent must be able to do to serve it; empty for everybody.
    pub skills: Vec<String>,
    /// Whom it picks.
    pub strategy: Strategy,
}

/// The id of a wallet's queue.
#[must_use]
pub fn queue_id(wallet: &str, name: &str) -> String {
    format!("{wallet}-{name}")
}

/// Every bound and time-out of the live core. The defaults are our own choices unless a source stands beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What each factor proves, and what each act needs.
    pub ladder: Arc<Ladder>,
    /// Calls at the same time over all lines.
    pub calls_max: usize,
    /// A menu repeats itself after this long without a key (contract: 6 s).
    pub key_wait: Span,
    /// Wrong answers in a row, or silences in a row, that lead to a person (contract: three).
    pub tries_max: u8,
    /// Silences after which the line's first language is taken.
    pub language_tries_max: u8,
    /// A lone key that may be a whole entry counts as one after this: long enough to go on keying a number.
    pub brief_wait: Span,
    /// The outside may take this long before the caller hears that it takes a moment (metrics: no silence above 2 s).
    pub answer_breath: Span,
    /// The outside may take this long; then the caller is helped without it.
    pub answer_max: Span,
    /// The least time between two codes of one contact (domain: 60 s).
    pub code_pause: Span,
    /// A code keyed in a conversation is waited for as long as it is good (domain: 10 minutes).
    pub code_life: Span,
    /// Whoever is asked for a code in a conversation and keys nothing hears again how it goes, after this long: a message takes a while.
    pub code_reminder: Span,
    /// Where a code is no longer waited for, its rest is still kept from every ear until no key came for this long.
    pub code_tail: Span,
    /// A playback whose end was never told counts as over after this long. Far above the longest prompt.
    pub prompt_max: Span,
    /// A browser's audio comes up after we answer it; a prompt waits for that, but not longer than this.
    pub audio_wait: Span,
    /// Music first, then the place in the queue after this long.
    pub position_first: Span,
    /// The place in the queue is said again this long after it was last said.
    pub position_every: Span,
    /// From an expected wait of so many minutes on, at the longer end of its range, a call back is offered before anybody waits.
    pub long_wait_min: u32,
    /// Longest wait in a queue; then an apology and the end.
    pub wait_max: Span,
    /// A caller who hangs up in a queue within this long is a short abandon (metrics: 5 s).
    pub short_abandon: Span,
    /// How long an offer rings (issue and metrics: 20 s, then the next agent).
    pub offer_deadline: Span,
    /// After every free agent was offered a contact in vain, the next round begins this long after the last offer. Keeps a phone
    /// that refuses at once from being rung in a tight loop.
    pub round_pause: Span,
    /// How long an accepted browser leg may take until its audio flows; then the caller is first in the queue again.
    pub desk_audio: Span,
    /// How long a customer is kept, with music, for an agent whose desk was reloaded or lost its audio (issue: 30 s); then they are first in
    /// the queue again.
    pub desk_return: Span,
    /// An agent who hung up their phone while another was rung hands the call over within this long: as long as an offer rings, and a
    /// desk connects.
    pub handover_max: Span,
    /// How long a number outside is called before that counts as no answer. Below `handover_max`, so that who hung up meanwhile is waited for.
    pub outside_rings: Span,
    /// The longest that a customer stays with somebody outside without any agent of ours: a line that both ends forgot costs money.
    pub outside_max: Span,
    /// The agent's number is said within this long; then the voices are joined even if nobody told that it was said.
    pub announce_max: Span,
    /// Offers missed in a row after which an agent counts as not responding (metrics: two).
    pub missed_max: u8,
    /// An open desk that says nothing for this long is not responding: two beats of 5 s, and slack for the network.
    pub desk_silence: Span,
    /// A desk whose connection closed, or that fell silent, takes up its earlier state when it is back within this long: a reload.
    pub desk_grace: Span,
    /// Longest wrap-up at a desk.
    pub wrap_up_max: Span,
    /// Wrap-up of an agent who has only a phone and therefore nothing to fill in.
    pub wrap_up_phone: Span,
    /// A phone without a desk that missed offers is tried again after this long.
    pub phone_rest: Span,
    /// An agent who does not respond for this long is logged out.
    pub absent_max: Span,
    /// First wait before a failed commit is tried again; doubles each time.
    pub save_retry_first: Span,
    /// Longest wait before a failed commit is tried again.
    pub save_retry_max: Span,
    /// How long an ended contact is kept in memory for the store or for its legs to come to an end; then it is given up and counted.
    pub save_give_up: Span,
    /// Timeline lines of one contact. Above it keys and prompts are no longer written, so that a stuck key cannot fill the store.
    pub timeline_max: u32,
    /// Lines of presence history that may wait for the store; above it the oldest are given up and counted.
    pub presence_backlog_max: usize,
    /// How long the personal data of a contact is kept (domain: recordings 180 days).
    pub retention: Span,
    /// After the order to stop, callers who are not with an agent are told after this long.
    pub drain_notice: Span,
    /// After the order to stop, every call is ended after this long: below the contract's 30 s, so that records are saved in time.
    pub drain_grace: Span,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ladder: Arc::default(),
            calls_max: 500,
            key_wait: Span::from_s(6),
            tries_max: 3,
            language_tries_max: 2,
            brief_wait: Span::from_s(3),
            answer_breath: Span::from_ms(1_500),
            answer_max: Span::from_s(8),
            code_pause: Span::from_s(60),
            code_life: Span::from_s(10 * 60),
            code_reminder: Span::from_s(20),
            code_tail: Span::from_s(3),
            prompt_max: Span::from_s(90),
            audio_wait: Span::from_s(5),
            position_first: Span::from_s(1),
            position_every: Span::from_s(30),
            long_wait_min: 20,
            wait_max: Span::from_s(30 * 60),
            short_abandon: Span::from_s(5),
            offer_deadline: Span::from_s(20),
            round_pause: Span::from_s(3),
            desk_audio: Span::from_s(10),
            desk_return: Span::from_s(30),
            handover_max: Span::from_s(31),
            outside_rings: Span::from_s(30),
            outside_max: Span::from_s(60 * 60),
            announce_max: Span::from_s(10),
            missed_max: 2,
            desk_silence: Span::from_s(12),
            desk_grace: Span::from_s(20),
            wrap_up_max: Span::from_s(60),
            wrap_up_phone: Span::from_s(5),
            phone_rest: Span::from_s(120),
            absent_max: Span::from_s(30 * 60),
            save_retry_first: Span::from_ms(500),
            save_retry_max: Span::from_s(10),
            save_give_up: Span::from_s(10 * 60),
            timeline_max: 2_000,
            presence_backlog_max: 10_000,
            retention: Span::from_s(180 * 24 * 3_600),
            drain_notice: Span::from_s(20),
            drain_grace: Span::from_s(26),
        }
    }
}
