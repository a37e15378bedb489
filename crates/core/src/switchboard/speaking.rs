//! Whether we are talking with a customer just now, for the app that they ask in doubt. Whoever merely names a number, or shows it, is
//! not the customer: their call never makes the app of that number's owner say that we are talking to them.

use super::Switchboard;
use super::caller::{Caller, Stage};
use crate::call::Service;
use crate::kernel::{assurance::Level, pii::Pii, time::Wall};

/// What can be said of a customer's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaking {
    /// Whoever is on the line has shown that they are this customer.
    With(Conversation),
    /// Somebody on the line names this number, or calls from it as it seems, and has not shown that it is theirs.
    Unconfirmed {
        /// Since when they are on the line.
        since: Wall,
    },
    /// Nobody of this number is on the line.
    Nobody,
}

/// A conversation with a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The number they dialled.
    pub line: String,
    /// What it is about, as the menu learned.
    pub purpose: Option<Service>,
    /// Who has them.
    pub with: With,
    /// Since when.
    pub since: Wall,
}

/// Who has the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum With {
    /// The agent of this number.
    Agent(String),
    /// The menu, or the queue's music.
    Nobody,
    /// Somebody outside, to whom we handed the call on.
    Outside,
}

impl Switchboard {
    /// Whether we are talking with the customer of a wallet whom this tells by their number, in whatever form it was shown. Of several
    /// calls the one that was shown to be theirs counts, before others the one that is with an agent.
    #[must_use]
    pub fn speaking(&self, wallet: &str, is_theirs: impl Fn(&Pii<String>) -> bool) -> Speaking {
        let of_wallet = self.callers.values().filter(|caller| caller.record.contact().wallet == wallet);
        of_wallet.filter_map(|caller| caller.speaks(&is_theirs)).max_by_key(rank).unwrap_or(Speaking::Nobody)
    }
}

const fn rank(speaking: &Speaking) -> u8 {
    match speaking {
        Speaking::With(Conversation { with: With::Agent(_), .. }) => 4,
        Speaking::With(Conversation { with: With::Outside, .. }) => 3,
        Speaking::With(Conversation { with: With::Nobody, .. }) => 2,
        Speaking::Unconfirmed { .. } => 1,
        Speaking::Nobody => 0,
    }
}

impl Caller {
    fn speaks(&self, is_theirs: impl Fn(&Pii<String>) -> bool) -> Option<Speaking> {
        let contact = self.record.contact();
        let here = contact.answered_at.unwrap_or(contact.opened_at);
        let (with, since) = match &self.stage {
            Stage::Menu(_) | Stage::Waiting(_) | Stage::Connecting(_) => (With::Nobody, here),
            Stage::Talking(talk) => match talk.connected_at {
                Some(at) => (With::Agent(talk.lead.number.clone()), at),
                None => (With::Nobody, here),
            },
            Stage::Away(away) => (With::Outside, away.since),
            Stage::Leaving(_) | Stage::Over => return None,
        };
        if self.record.has_ended() {
            return None;
        }
        let claimed = self.standing.claim().is_some_and(|claim| is_theirs(&claim.msisdn));
        if claimed && self.standing.level() >= Level::A2 {
            let (line, purpose) = (contact.line.clone(), contact.service);
            return Some(Speaking::With(Conversation { line, purpose, with, since }));
        }
        (claimed || is_theirs(&contact.caller)).then_some(Speaking::Unconfirmed { since: here })
    }
}
