//! What a contact has shown, as it changes: raised by what is shown, lowered by what speaks against it or by silence, and each change in
//! the record and in the audit log. It decides no level: that follows from what was shown.

use super::caller::{Caller, Stage};
use super::event::Act;
use super::{Switchboard, Work};
use crate::call::Fact;
use crate::identity::{NotPermitted, Signal};
use crate::kernel::actor::Actor;
use crate::kernel::assurance::{Factor, Level};
use crate::kernel::ids::{ContactId, StaffId};

/// Why a level fell, when nobody was heard for too long.
const IDLE: &str = "idle";

impl Switchboard {
    /// An agent did something in a contact: whoever is helped is not idle.
    pub(super) fn desk_acted(&mut self, work: &mut Work, agent: StaffId, contact: Option<ContactId>) {
        let Some(contact) = contact.filter(|contact| self.talks_with(agent, *contact)) else { return };
        self.with(work, contact, |_, work, caller| caller.standing.act(work.now));
    }

    /// The caller seems to be told what to do.
    pub(crate) fn suspect_pressure(&mut self, work: &mut Work, contact: ContactId) {
        self.with(work, contact, |_, work, caller| caller.suspect(work, Signal::Pressure));
    }
}

impl Caller {
    /// Something speaks against what was shown, or may be.
    pub(super) fn suspect(&mut self, work: &Work, signal: Signal) {
        let before = self.standing.level();
        self.standing.suspects(signal);
        let name = signal.name();
        if !self.record.contact().risk.iter().any(|known| known == name) {
            self.record.amend(|contact| contact.risk.push(name.to_owned()));
            self.record.audit(work.now, work.actor, &format!("risk.{name}"));
        }
        self.lowered(work, before, name);
    }

    /// A factor was shown, or a customer was named.
    pub(super) fn level_changed(&mut self, work: &Work, from: Level, factor: Factor) {
        let to = self.standing.level();
        if to != self.record.contact().level {
            self.record.amend(|contact| contact.level = to);
        }
        if to != from {
            self.record.tell(work.now, Fact::Verified { factor, from, to });
            self.record.audit(work.now, Actor::Caller, if to > from { "level.raised" } else { "level.lowered" });
        }
    }

    /// Something was asked for that needs more than was shown: the record says how much.
    pub(super) fn not_permitted(&mut self, work: &Work, why: NotPermitted) {
        let have = self.standing.level();
        let need = match why {
            NotPermitted::NotEnough { need, .. } => Some(need),
            NotPermitted::NobodyNamed | NotPermitted::Expired => None,
        };
        self.record.tell(work.now, Fact::NotPermitted { need, have });
    }

    /// Forgets what nobody was heard for any more, and says whether silence counts from here on.
    pub(super) fn keep_level(&mut self, work: &Work) {
        let before = self.standing.level();
        if self.standing.decay(work.now) {
            self.lowered(work, before, IDLE);
        }
        self.standing.count_idle(self.is_attended(), work.now);
    }

    fn lowered(&mut self, work: &Work, from: Level, why: &str) {
        let to = self.standing.level();
        if to == from {
            return;
        }
        self.record.amend(|contact| contact.level = to);
        self.record.tell(work.now, Fact::Lowered { why: why.to_owned(), from, to });
        self.record.audit(work.now, work.actor, "level.lowered");
    }

    /// The customer is with the menu or with an agent, and could be heard: not in a queue, not while it rings, not on hold.
    fn is_attended(&self) -> bool {
        match &self.stage {
            Stage::Menu(_) => true,
            Stage::Talking(talk) => talk.connected_at.is_some() && talk.held_at.is_none() && talk.lost.is_none(),
            Stage::Waiting(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => false,
        }
    }
}

impl Act {
    /// The contact it is about.
    pub(super) const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::HangUp { contact }
            | Self::Hold { contact }
            | Self::Resume { contact }
            | Self::Transfer { contact, .. }
            | Self::TakeBack { contact }
            | Self::Leave { contact }
            | Self::Challenge { contact, .. }
            | Self::AskApp { contact, .. }
            | Self::EndChallenge { contact }
            | Self::OnAccount { contact, .. }
            | Self::LookAtAccount { contact }
            | Self::SuspectPressure { contact }
            | Self::FollowTransaction { contact }
            | Self::Report { contact, .. }
            | Self::PressKeys { contact, .. }
            | Self::Reconnect { contact, .. }
            | Self::TakeOver { contact, .. } => Some(*contact),
            Self::SetPresence(_)
            | Self::AcceptOffer { .. }
            | Self::DeclineOffer { .. }
            | Self::Monitor { .. }
            | Self::StopMonitoring { .. }
            | Self::FinishWrapUp { .. } => None,
        }
    }
}
