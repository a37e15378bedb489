//! What a caller has shown, as it changes in a call: lowered by what speaks against it or by silence. How a change is written down stands in
//! `help/showing.rs`.

use super::caller::{Caller, Stage};
use super::event::Act;
use super::{Switchboard, Work};
use crate::help::Showing;
use crate::identity::Signal;
use crate::kernel::ids::{ContactId, StaffId};

impl Switchboard {
    /// An agent did something in a contact: whoever is helped is not idle.
    pub(super) fn desk_acted(&mut self, work: &mut Work, agent: StaffId, contact: Option<ContactId>) {
        let Some(contact) = contact.filter(|contact| self.talks_with(agent, *contact)) else { return };
        self.with(work, contact, |_, work, caller| caller.standing.act(work.now));
    }

    /// The caller seems to be told what to do.
    pub(crate) fn suspect_pressure(&mut self, work: &mut Work, contact: ContactId) {
        self.with(work, contact, |_, work, caller| caller.showing(work).suspects(Signal::Pressure));
    }
}

impl Caller {
    /// What was shown, with the record, for one change.
    pub(super) const fn showing(&mut self, work: &Work) -> Showing<'_> {
        Showing { record: &mut self.record, standing: &mut self.standing, now: work.now, actor: work.actor }
    }

    /// Forgets what nobody was heard for any more, and says whether silence counts from here on.
    pub(super) fn keep_level(&mut self, work: &Work) {
        self.showing(work).decays();
        self.standing.count_idle(self.is_attended(), work.now);
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
