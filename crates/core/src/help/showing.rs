//! What a contact shows of who is there, with its record beside it: whatever raises or lowers the level is a line and an entry where it
//! happens. A call and a visit to the help pages go by the same. It decides no level: that follows from what was shown.

use crate::call::{Fact, Record};
use crate::identity::{Claim, NotPermitted, Proof, Signal, Standing};
use crate::kernel::{
    actor::Actor,
    assurance::{Factor, Level},
    subject::Subject,
    time::Now,
};
use crate::switchboard::help::Found;

/// Why a level fell, when nobody was heard for too long.
const IDLE: &str = "idle";

/// What asking where a transaction stands is called in the record.
const TRANSACTION_STATUS: &str = "transaction_status";

/// A contact's standing and record, for one change.
pub(crate) struct Showing<'a> {
    pub(crate) record: &'a mut Record,
    pub(crate) standing: &'a mut Standing,
    pub(crate) now: Now,
    /// Who caused the change.
    pub(crate) actor: Actor,
}

impl Showing<'_> {
    /// A number was named. Gives the level that the contact has for this customer.
    pub(crate) fn claims(&mut self, claim: Claim) -> Level {
        let before = self.standing.level();
        self.standing.claims(claim);
        self.level_changed(before, Factor::Number)
    }

    /// A factor was shown. Gives the level after it.
    pub(crate) fn proved(&mut self, subject: &Subject, proof: Proof) -> Level {
        let before = self.standing.level();
        self.standing.proved(subject, proof, self.now);
        self.level_changed(before, proof.factor)
    }

    /// What was shown last was this factor. Gives the level after it.
    pub(crate) fn level_changed(&mut self, from: Level, factor: Factor) -> Level {
        let to = self.standing.level();
        if to != self.record.contact().level {
            self.record.amend(|contact| contact.level = to);
        }
        if to != from {
            self.record.tell(self.now, Fact::Verified { factor, from, to });
            self.record.audit(self.now, Actor::Caller, if to > from { "level.raised" } else { "level.lowered" });
        }
        to
    }

    /// Something speaks against what was shown, or may be.
    pub(crate) fn suspects(&mut self, signal: Signal) {
        let before = self.standing.level();
        self.standing.suspects(signal);
        let name = signal.name();
        if !self.record.contact().risk.iter().any(|known| known == name) {
            self.record.amend(|contact| contact.risk.push(name.to_owned()));
            self.record.audit(self.now, self.actor, &format!("risk.{name}"));
        }
        self.lowered(before, name);
    }

    /// Forgets what nobody was heard for any more.
    pub(crate) fn decays(&mut self) {
        let before = self.standing.level();
        if self.standing.decay(self.now) {
            self.lowered(before, IDLE);
        }
    }

    /// Something was asked for that needs more than was shown: the record says how much.
    pub(crate) fn not_permitted(&mut self, why: NotPermitted) {
        let have = self.standing.level();
        let need = match why {
            NotPermitted::NotEnough { need, .. } => Some(need),
            NotPermitted::NobodyNamed | NotPermitted::Expired => None,
        };
        self.record.tell(self.now, Fact::NotPermitted { need, have });
    }

    /// A transaction was found.
    pub(crate) fn found(&mut self, found: &Found) {
        let Found { said, view, correlation_id, .. } = found;
        let (outcome, correlation_id) = (view.verdict.clone(), correlation_id.clone());
        self.record.tell(self.now, Fact::WalletAct { operation: TRANSACTION_STATUS.to_owned(), outcome, correlation_id });
        if let Some(reference) = said.reference.clone() {
            self.record.amend(|contact| contact.case = Some(reference));
        }
    }

    /// What was named is no transaction of the customer's, or more than one.
    pub(crate) fn found_none(&mut self, outcome: &str) {
        let (operation, outcome) = (TRANSACTION_STATUS.to_owned(), outcome.to_owned());
        self.record.tell(self.now, Fact::WalletAct { operation, outcome, correlation_id: String::new() });
    }

    /// A case came of it.
    pub(crate) fn case(&mut self, reference: String) {
        self.record.tell(self.now, Fact::Case { reference: reference.clone() });
        self.record.amend(|contact| contact.case = Some(reference));
    }

    fn lowered(&mut self, from: Level, why: &str) {
        let to = self.standing.level();
        if to == from {
            return;
        }
        self.record.amend(|contact| contact.level = to);
        self.record.tell(self.now, Fact::Lowered { why: why.to_owned(), from, to });
        self.record.audit(self.now, self.actor, "level.lowered");
    }
}
