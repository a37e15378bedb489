//! What one contact has shown of who is calling. It belongs to the contact, survives a transfer between agents, and nobody raises
//! it but a factor that counts.

use super::ladder::Guarded;
use super::permit::{NotPermitted, Permit};
use crate::kernel::assurance::Level;
use crate::kernel::ids::{ChallengeId, ContactId};
use crate::kernel::pii::Pii;
use crate::kernel::subject::Subject;
use crate::kernel::time::Wall;

/// Whom a contact says it speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The wallet, by id.
    pub wallet: String,
    /// The phone number, E.164.
    pub msisdn: Pii<String>,
    /// The same as a keyed hash.
    pub subject: Subject,
}

/// What one contact has shown.
#[derive(Debug)]
pub struct Standing {
    contact: ContactId,
    level: Level,
    claim: Option<Claim>,
    evidence: Vec<ChallengeId>,
}

impl Standing {
    /// A contact whose number was shown, or that shows nothing.
    #[must_use]
    pub const fn new(contact: ContactId, level: Level) -> Self {
        Self { contact, level, claim: None, evidence: Vec::new() }
    }

    /// The level reached.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// Whom the contact speaks for.
    #[must_use]
    pub const fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// A number was named. What was proved for another customer proves nothing for this one.
    pub fn claims(&mut self, claim: Claim) {
        if self.claim.as_ref().is_none_or(|known| known.subject != claim.subject) {
            self.level = Level::A1;
            self.evidence.clear();
            self.claim = Some(claim);
        }
    }

    /// A code came back right. Says nothing of another customer than the one it was sent to.
    pub fn proved(&mut self, subject: &Subject, challenge: ChallengeId) {
        if self.claim.as_ref().is_some_and(|claim| claim.subject == *subject) {
            self.level = self.level.max(Level::A2);
            self.evidence.push(challenge);
        }
    }

    /// A permit for an act.
    ///
    /// # Errors
    /// When nobody was named, or too little was shown.
    pub fn permit<A: Guarded>(&self, now: Wall) -> Result<Permit<A>, NotPermitted> {
        Permit::mint(self.contact, self.level, self.claim.as_ref(), &self.evidence, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{FreezeAccount, ReadTransaction};

    fn claim(number: &str) -> Claim {
        Claim { wallet: "w".to_owned(), msisdn: Pii::new(number.to_owned()), subject: Subject::new(number.to_owned()) }
    }

    #[test]
    fn each_act_needs_its_level_and_a_name() {
        let mut standing = Standing::new(1.into(), Level::A1);
        assert_eq!(standing.permit::<FreezeAccount>(Wall(0)).err(), Some(NotPermitted::NobodyNamed));
        standing.claims(claim("a"));
        assert!(standing.permit::<FreezeAccount>(Wall(0)).is_ok());
        let refused = standing.permit::<ReadTransaction>(Wall(0)).err();
        assert_eq!(refused, Some(NotPermitted::NotEnough { need: Level::A2, have: Level::A1 }));
        standing.proved(&Subject::new("a".to_owned()), 7.into());
        let redeemed = standing.permit::<ReadTransaction>(Wall(0)).unwrap().redeem(Wall(1)).unwrap();
        assert_eq!((redeemed.level, redeemed.evidence), (Level::A2, vec![7.into()]));
    }

    #[test]
    fn another_customer_starts_again_and_a_late_proof_is_not_theirs() {
        let mut standing = Standing::new(1.into(), Level::A0);
        standing.claims(claim("a"));
        standing.proved(&Subject::new("a".to_owned()), 7.into());
        standing.claims(claim("a"));
        assert_eq!(standing.level(), Level::A2, "naming the same customer again loses nothing");
        standing.claims(claim("b"));
        assert_eq!(standing.level(), Level::A1);
        standing.proved(&Subject::new("a".to_owned()), 8.into());
        assert_eq!(standing.level(), Level::A1);
    }

    #[test]
    fn a_permit_is_for_a_minute() {
        let mut standing = Standing::new(1.into(), Level::A0);
        standing.claims(claim("a"));
        let permit = standing.permit::<FreezeAccount>(Wall(0)).unwrap();
        assert_eq!(permit.redeem(Wall(60_000_001)), Err(NotPermitted::Expired));
    }
}
