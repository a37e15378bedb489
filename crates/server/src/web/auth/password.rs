//! Passwords at rest: Argon2id for log-ins, the digest's HA1 for SIP phones. Comparing takes as long for a user who does not exist.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;
use walletline_core::agent::Secret;

/// NIST SP 800-63B: at least eight where it is not the only factor; ours is, so twelve.
pub(crate) const PASSWORD_CHARS_MIN: usize = 12;
/// Longer ones buy no safety and cost hashing time.
pub(crate) const PASSWORD_CHARS_MAX: usize = 256;

/// OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes at once: two fill two cores and 38 MiB, and calls still get their turn.
const HASHES_MAX: usize = 2;

/// Hashes and compares passwords, a few at a time, off the runtime's threads.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    nobody: Arc<Secret>,
}

impl Passwords {
    /// Ready to hash.
    pub(crate) fn new() -> Self {
        // A hash in the right shape that no password leads to: its digest is all zeros.
        let nobody = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2Q$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Self { turns: Arc::new(Semaphore::new(HASHES_MAX)), nobody: Arc::new(Secret::new(nobody.to_owned())) }
    }

    /// The hash of a new password. None when hashing itself fails.
    pub(crate) async fn hash(&self, password: String) -> Option<Secret> {
        self.work(move || hash(&password)).await.flatten()
    }

    /// Whether a password leads to a hash. Without a hash the work is done all the same, and the answer is no.
    pub(crate) async fn verify(&self, password: String, known: Option<Secret>) -> bool {
        let nobody = Arc::clone(&self.nobody);
        let work = move || {
            let expected = known.as_ref().unwrap_or(&nobody);
            let same = PasswordHash::new(expected.expose())
                .is_ok_and(|expected| argon2().is_some_and(|a| a.verify_password(password.as_bytes(), &expected).is_ok()));
            same && known.is_some()
        };
        self.work(work).await.unwrap_or(false)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.ok()
    }
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The Argon2id hash of a password, in the PHC string format.
pub(crate) fn hash(password: &str) -> Option<Secret> {
    let hash = argon2()?.hash_password(password.as_bytes()).ok()?;
    Some(Secret::new(hash.to_string()))
}

/// HA1 of a SIP phone's log-in: MD5 of `user:realm:password` (RFC 2617 3.2.2.2). MD5 is the phones' choice, not ours.
pub(crate) fn sip_ha1(user: &str, password: &str) -> Secret {
    Secret::new(walletline_voice::ha1(user, password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_leads_to_its_hash_and_another_does_not() {
        let passwords = Passwords::new();
        let known = passwords.hash("correct horse battery".to_owned()).await.unwrap();
        assert!(known.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify("correct horse battery".to_owned(), Some(known.clone())).await);
        assert!(!passwords.verify("correct horse batterz".to_owned(), Some(known)).await);
        assert!(!passwords.verify("correct horse battery".to_owned(), None).await);
    }

    #[test]
    fn the_hash_of_nobody_costs_what_every_hash_costs() {
        let nobody = Passwords::new().nobody;
        let parsed = PasswordHash::new(nobody.expose()).unwrap();
        let params = Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (MEMORY_KIB, PASSES, LANES));
        assert_eq!(params.output_len(), Some(32));
    }

    #[test]
    fn ha1_is_what_phones_compute() {
        // RFC 2617's algorithm over known input: echo -n 'agent1:walletline:walletline-demo' | md5sum
        assert_eq!(sip_ha1("agent1", "walletline-demo").expose(), "35ba7605344cd9821ad796a9ce8d37e1");
    }
}
