//! Which keys a leg uses, as offers and answers go by (RFC 4568). A leg that was encrypted stays encrypted: its record says so,
//! and whoever can change the signalling must not be able to take it back. A direction gets a new key whenever the far end
//! changes its own, because the device behind it may be another one that counts packets from zero.

use super::cipher::{Cipher, ControlCipher};
use super::{ControlInbound, ControlOutbound, Inbound, MasterKey, Outbound};
use crate::media::MediaError;
use crate::sdp::Crypto;
use crate::{Encryption, EncryptionPolicy, SrtpSuite};
use aws_lc_rs::error::Unspecified;

/// The keys of one leg.
#[derive(Debug)]
pub(crate) struct Keying {
    policy: EncryptionPolicy,
    agreed: Option<Agreed>,
    /// What our last offer names, until it is answered.
    offered: Vec<Crypto>,
}

#[derive(Debug)]
struct Agreed {
    tag: u32,
    ours: MasterKey,
    theirs: MasterKey,
    /// The stream's profile is a secure one, and not plain RTP with keys beside it.
    secure_profile: bool,
}

/// What changes with an agreement. Nothing, where both directions go on under the keys they have.
#[derive(Debug, Default)]
pub(in crate::media) struct NewKeys {
    outbound: Option<Cipher>,
    inbound: Option<Cipher>,
    control_outbound: Option<ControlCipher>,
    control_inbound: Option<ControlCipher>,
}

impl NewKeys {
    /// The sending side's new state; `first`: where its rollover counter begins.
    pub(in crate::media) fn outbound(&mut self, first: impl FnOnce() -> u64) -> Option<Outbound> {
        self.outbound.take().map(|cipher| Outbound::new(cipher, first()))
    }

    /// The receiving side's new state.
    pub(in crate::media) fn inbound(&mut self, before: &mut Option<Box<Inbound>>) {
        if let Some(cipher) = self.inbound.take() {
            *before = Some(Box::new(Inbound::new(cipher, before.take().map(|before| *before))));
        }
    }

    /// The new state of RTCP in both directions.
    pub(in crate::media) fn control(
        &mut self,
        outbound: &mut Option<ControlOutbound>,
        inbound: &mut Option<Box<ControlInbound>>,
    ) {
        if let Some(cipher) = self.control_outbound.take() {
            *outbound = Some(ControlOutbound::new(cipher, outbound.as_ref()));
        }
        if let Some(cipher) = self.control_inbound.take() {
            *inbound = Some(Box::new(ControlInbound::new(cipher, inbound.take().map(|before| *before))));
        }
    }
}

impl Keying {
    pub(crate) fn new(policy: EncryptionPolicy) -> Self {
        Self { policy, agreed: None, offered: Vec::new() }
    }

    /// What the next offer or answer has to keep to.
    pub(crate) fn policy(&self) -> EncryptionPolicy {
        if self.agreed.is_some() { EncryptionPolicy::Required } else { self.policy }
    }

    pub(crate) fn encryption(&self) -> Encryption {
        self.agreed.as_ref().map_or(Encryption::None, |agreed| Encryption::SrtpSdes(agreed.ours.suite()))
    }

    /// What our next offer names: the key in use, or one for each suite; and whether it is for a secure profile. Without a key in
    /// use and where plain media is allowed the keys go beside the plain profile, which every phone can answer.
    pub(crate) fn offer(&mut self) -> (&[Crypto], bool) {
        let (offered, secure) = match (&self.agreed, self.policy) {
            (Some(agreed), _) => (vec![Crypto { tag: agreed.tag, key: agreed.ours.clone() }], agreed.secure_profile),
            (None, EncryptionPolicy::Required) => (one_for_each_suite(), true),
            (None, EncryptionPolicy::Preferred) => (one_for_each_suite(), false),
            (None, EncryptionPolicy::Off) => (Vec::new(), false),
        };
        self.offered = offered;
        (&self.offered, secure)
    }

    /// From now on media must be encrypted; false where that is so already, or must not be.
    pub(crate) fn insist(&mut self) -> bool {
        let can = self.agreed.is_none() && self.policy == EncryptionPolicy::Preferred;
        if can {
            self.policy = EncryptionPolicy::Required;
        }
        can
    }

    pub(crate) fn offered(&self) -> &[Crypto] {
        &self.offered
    }

    /// The far end offered: chooses our key. After an error everything is as it was.
    pub(in crate::media) fn answer(&mut self, theirs: Option<&Crypto>, secure_profile: bool) -> Result<NewKeys, MediaError> {
        let Some(theirs) = theirs else { return Ok(NewKeys::default()) };
        let ours = match &self.agreed {
            Some(agreed) if agreed.theirs == theirs.key => agreed.ours.clone(),
            Some(_) | None => MasterKey::random(theirs.key.suite()),
        };
        self.agree(Agreed { tag: theirs.tag, ours, theirs: theirs.key.clone(), secure_profile })
    }

    /// Our key for the answer, under the tag of the offer.
    pub(crate) fn answered(&self) -> Option<Crypto> {
        self.agreed.as_ref().map(|agreed| Crypto { tag: agreed.tag, key: agreed.ours.clone() })
    }

    /// The far end answered our offer. After an error everything is as it was.
    pub(in crate::media) fn accept(&mut self, theirs: Option<&Crypto>, secure_profile: bool) -> Result<NewKeys, MediaError> {
        let Some(theirs) = theirs else { return Ok(NewKeys::default()) };
        // Whoever reads answers takes none but to what is offered.
        let Some(ours) = self.offered.iter().find(|ours| ours.tag == theirs.tag) else { return Ok(NewKeys::default()) };
        let new = Agreed { tag: theirs.tag, ours: ours.key.clone(), theirs: theirs.key.clone(), secure_profile };
        let keys = self.agree(new)?;
        self.offered.clear();
        Ok(keys)
    }

    fn agree(&mut self, new: Agreed) -> Result<NewKeys, MediaError> {
        let before = self.agreed.as_ref();
        let cipher = |key: &MasterKey| Ok((Cipher::new(key)?, ControlCipher::new(key)?));
        let ciphers = |key: &MasterKey, stays: bool| {
            let new = if stays { None } else { Some(cipher(key).map_err(|_: Unspecified| MediaError::NoCipher)?) };
            Ok::<_, MediaError>(new.unzip())
        };
        let (outbound, control_outbound) = ciphers(&new.ours, before.is_some_and(|before| before.ours == new.ours))?;
        let (inbound, control_inbound) = ciphers(&new.theirs, before.is_some_and(|before| before.theirs == new.theirs))?;
        self.agreed = Some(new);
        Ok(NewKeys { outbound, inbound, control_outbound, control_inbound })
    }
}

fn one_for_each_suite() -> Vec<Crypto> {
    (1..).zip(SrtpSuite::ALL).map(|(tag, suite)| Crypto { tag, key: MasterKey::random(suite) }).collect()
}
