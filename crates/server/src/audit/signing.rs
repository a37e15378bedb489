//! Heads signed with Ed25519, under a key of their own that follows from the master key.

use crate::keyring::{AUDIT_HEAD, Keyring};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use walletline_core::audit::{Head, Signature};
use zeroize::Zeroizing;

/// Signs heads. The key wipes itself when it goes.
pub(crate) struct Signer(SigningKey);

impl Signer {
    /// The signer of this keyring.
    pub(crate) fn new(keyring: &Keyring) -> Self {
        Self(SigningKey::from_bytes(&Zeroizing::new(keyring.derive(AUDIT_HEAD))))
    }

    /// The key its signatures are checked with.
    pub(crate) fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a head.
    pub(crate) fn sign(&self, head: &Head) -> Signature {
        Signature { key: self.public_key(), bytes: self.0.sign(&head.signed_bytes()).to_bytes() }
    }
}

/// Whether a signature is one of this head, by the key it names. Whose key that is, is another question.
pub(super) fn is_signature_of(signature: &Signature, head: &Head) -> bool {
    let signed = ed25519_dalek::Signature::from_bytes(&signature.bytes);
    VerifyingKey::from_bytes(&signature.key).is_ok_and(|key| key.verify_strict(&head.signed_bytes(), &signed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use walletline_core::audit::Tree;
    use walletline_core::kernel::time::Wall;

    #[test]
    fn a_signature_is_of_one_head_and_one_key() {
        let signer = |byte| Signer::new(&Keyring::new(Zeroizing::new([byte; 32])));
        let head = Head::of(&Tree::default(), Wall(1));
        let signature = signer(1).sign(&head);
        assert_eq!(signature, signer(1).sign(&head));
        assert!(is_signature_of(&signature, &head));
        assert!(!is_signature_of(&signature, &Head { at: Wall(2), ..head }));
        assert!(!is_signature_of(&Signature { key: signer(2).public_key(), ..signature }, &head));
        let mut bytes = signature.bytes;
        bytes[3] ^= 1;
        assert!(!is_signature_of(&Signature { bytes, ..signature }, &head));
    }
}
