//! Credentials for the TURN servers we share a secret with, as coturn's REST scheme has them: a user name that says until when it
//! is good, and an HMAC over it. Whoever has one can relay through the server until then and no longer, and is nobody by it.

use super::error::Problem;
use super::wire::IceServer;
use crate::config::Ice;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use walletline_core::kernel::time::Wall;

/// How long a credential is good: longer than a call, shorter than a day's worth of somebody else's traffic.
const GOOD_S: i64 = 4 * 3_600;

/// The servers for one browser; `nobody` is random and names no one.
pub(super) fn servers(ice: &Ice, now: Wall, nobody: &str) -> Result<Vec<IceServer>, Problem> {
    let mut servers = Vec::new();
    if !ice.stun.is_empty() {
        servers.push(IceServer { urls: ice.stun.clone(), username: None, credential: None });
    }
    for turn in &ice.turn {
        let username = format!("{}:{nobody}", now.0 / 1_000_000 + GOOD_S);
        let mac = <Hmac<Sha1> as KeyInit>::new_from_slice(turn.secret.bytes()).map_err(|_| Problem::internal())?;
        let credential = STANDARD.encode(mac.chain_update(&username).finalize().into_bytes());
        servers.push(IceServer { urls: turn.urls.clone(), username: Some(username), credential: Some(credential) });
    }
    Ok(servers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Turn, TurnSecret};

    #[test]
    fn a_credential_is_what_coturn_makes_of_its_user_name() {
        let ice = Ice {
            stun: vec!["stun:stun.example.org".to_owned()],
            turn: vec![Turn { urls: vec!["turn:turn.example.org".to_owned()], secret: TurnSecret::new("north") }],
        };
        let servers = servers(&ice, Wall(1_433_880_797_000_000), "abcd").unwrap();
        assert_eq!((servers.len(), servers[0].username.as_deref()), (2, None));
        assert_eq!(servers[1].username.as_deref(), Some("1433895197:abcd"));
        // printf %s 1433895197:abcd | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(servers[1].credential.as_deref(), Some("WI8nGiB0LOe7c4ElD4PUTwPpINE="));
        assert!(super::servers(&Ice::default(), Wall(0), "x").unwrap().is_empty());
    }
}
