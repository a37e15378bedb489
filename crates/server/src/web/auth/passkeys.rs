//! Passkeys of staff (W3C Web Authentication, Level 3), judged by `webauthn-rs`: made for and signing for the origin of
//! `http.public_url` alone. A ceremony is begun by one session, answered once, and forgotten with the process. Never logs an answer.

use super::lock;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use walletline_core::agent::Staff;
use walletline_core::kernel::ids::SessionId;
use walletline_core::kernel::time::{Mono, Span};
use webauthn_rs::prelude::{
    AuthenticationResult, CredentialID, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// How long a ceremony may take: somebody looks for their security key.
const ANSWER_WITHIN: Span = Span::from_s(5 * 60);

/// What browsers call this hotline when they ask.
const NAME: &str = "Walletline";

enum Begun {
    Making(PasskeyRegistration),
    Showing(PasskeyAuthentication),
}

/// Begins ceremonies and judges their answers.
pub(crate) struct Passkeys {
    webauthn: Webauthn,
    /// At most one of each session; those that ran out go when another is begun.
    begun: Mutex<HashMap<SessionId, (Mono, Begun)>>,
}

impl Passkeys {
    /// Of the hotline at this address. None where it is an IP address: browsers make passkeys for names alone. The machine's own
    /// address has a name, `localhost`.
    pub(crate) fn at(public_url: &str) -> Option<Self> {
        let mut origin = Url::parse(public_url).ok()?;
        let address = origin.host_str()?.trim_matches(['[', ']']).parse::<IpAddr>();
        if address.is_ok_and(|address| address.is_loopback()) {
            origin.set_host(Some("localhost")).ok()?;
        }
        let name = origin.domain()?;
        let webauthn = WebauthnBuilder::new(name, &origin).and_then(|builder| builder.rp_name(NAME).build()).ok()?;
        Some(Self { webauthn, begun: Mutex::default() })
    }

    /// Begins to make one: what the browser is to be asked, or none when it cannot be.
    pub(crate) fn begin_making(&self, session: SessionId, staff: &Staff, known: Vec<CredentialID>, now: Mono) -> Option<Value> {
        let id = Uuid::from_u128(staff.id.to_u128());
        let (asked, begun) = self.webauthn.start_passkey_registration(id, &staff.user, &staff.user, Some(known)).ok()?;
        self.keep(session, Begun::Making(begun), now);
        serde_json::to_value(asked).ok()
    }

    /// The passkey that was made. None when nothing was begun lately, or the answer does not fit.
    pub(crate) fn made(&self, session: SessionId, answer: Value, now: Mono) -> Option<Passkey> {
        let Begun::Making(begun) = self.taken(session, now)? else { return None };
        let answer: RegisterPublicKeyCredential = serde_json::from_value(answer).ok()?;
        self.webauthn.finish_passkey_registration(&answer, &begun).ok()
    }

    /// Begins to have one of these shown: what the browser is to be asked, or none when it cannot be.
    pub(crate) fn begin_showing(&self, session: SessionId, known: &[Passkey], now: Mono) -> Option<Value> {
        let (asked, begun) = self.webauthn.start_passkey_authentication(known).ok()?;
        self.keep(session, Begun::Showing(begun), now);
        serde_json::to_value(asked).ok()
    }

    /// What was shown. None when nothing was begun lately, or the signature is not right: of another origin, key or ceremony.
    pub(crate) fn shown(&self, session: SessionId, answer: Value, now: Mono) -> Option<AuthenticationResult> {
        let Begun::Showing(begun) = self.taken(session, now)? else { return None };
        let answer: PublicKeyCredential = serde_json::from_value(answer).ok()?;
        self.webauthn.finish_passkey_authentication(&answer, &begun).ok()
    }

    fn keep(&self, session: SessionId, begun: Begun, now: Mono) {
        let mut all = lock(&self.begun);
        all.retain(|_, (at, _)| now - *at < ANSWER_WITHIN);
        all.insert(session, (now, begun));
    }

    fn taken(&self, session: SessionId, now: Mono) -> Option<Begun> {
        let (at, begun) = lock(&self.begun).remove(&session)?;
        (now - at < ANSWER_WITHIN).then_some(begun)
    }
}

/// A credential's id as it is written and stored.
pub(crate) fn id_of(id: &CredentialID) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hotline_without_a_name_has_none() {
        for url in ["https://hotline.example", "http://localhost:8080", "http://127.0.0.1:8080", "https://[::1]"] {
            assert!(Passkeys::at(url).is_some(), "{url}");
        }
        for url in ["http://192.0.2.1:8080", "https://[2001:db8::1]", "hotline"] {
            assert!(Passkeys::at(url).is_none(), "{url}");
        }
    }
}
