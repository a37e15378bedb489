//! Passkeys of staff, by an authenticator in software: made, shown, counted, and worth nothing from another origin, twice, or to
//! somebody else.

use crate::harness::{Hotline, Person, Reply};
use crate::second_factor::confirm;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

/// Where the configuration says the hotline is, by the name of this machine's own address.
const ORIGIN: &str = "http://localhost:8080";

const ID: &[u8] = b"the credential of a test";

/// Somebody was there, and was verified by the device (Web Authentication, 6.1).
const PRESENT_AND_VERIFIED: u8 = 0b101;
/// The data of a new credential follow.
const WITH_CREDENTIAL: u8 = 0b100_0000;

/// A device with one key.
struct Device {
    key: EcdsaKeyPair,
    count: u32,
    /// Where its browser is.
    origin: String,
}

impl Device {
    /// On a browser that shows the hotline.
    fn new() -> Self {
        Self { key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(), count: 0, origin: ORIGIN.to_owned() }
    }

    fn client_data(&self, kind: &str, challenge: &Value) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false }).to_string().into_bytes()
    }

    /// Authenticator data for the relying party that was asked for.
    fn data(&mut self, rp: &str, flags: u8) -> Vec<u8> {
        self.count += 1;
        [digest(&SHA256, rp.as_bytes()).as_ref(), &[flags], &self.count.to_be_bytes()].concat()
    }

    fn make(&mut self, asked: &Value) -> Value {
        let asked = &asked["options"]["publicKey"];
        let client = self.client_data("webauthn.create", &asked["challenge"]);
        let mut data = self.data(asked["rp"]["id"].as_str().unwrap(), PRESENT_AND_VERIFIED | WITH_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(ID.len()).unwrap().to_be_bytes());
        data.extend(ID);
        // COSE (RFC 9053): {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
        let point = self.key.public_key().as_ref();
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        // CBOR (RFC 8949): {"fmt": "none", "attStmt": {}, "authData": bytes}.
        let length = u8::try_from(data.len()).unwrap();
        let mut attested = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attested.push(length);
        attested.extend(data);
        let response = json!({ "attestationObject": BASE64.encode(attested), "clientDataJSON": BASE64.encode(client) });
        json!({ "id": BASE64.encode(ID), "rawId": BASE64.encode(ID), "type": "public-key", "response": response, "clientExtensionResults": {} })
    }

    fn show(&mut self, asked: &Value) -> Value {
        let asked = &asked["options"]["publicKey"];
        let client = self.client_data("webauthn.get", &asked["challenge"]);
        let data = self.data(asked["rpId"].as_str().unwrap(), PRESENT_AND_VERIFIED);
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let response = json!({
            "authenticatorData": BASE64.encode(data), "clientDataJSON": BASE64.encode(client),
            "signature": BASE64.encode(signature.as_ref()), "userHandle": null,
        });
        json!({ "id": BASE64.encode(ID), "rawId": BASE64.encode(ID), "type": "public-key", "response": response, "clientExtensionResults": {} })
    }
}

async fn post(hotline: &Hotline, cookie: &str, path: &str, body: &Value) -> Reply {
    let headers = [("X-Walletline", "1"), ("Content-Type", "application/json"), ("Cookie", cookie)];
    hotline.send("POST", path, &headers, body.to_string().as_bytes()).await
}

async fn add(hotline: &Hotline, person: &Person<'_>, device: &mut Device) -> Reply {
    let asked = post(hotline, &person.cookie, "/api/v1/session/passkeys/offer", &Value::Null).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let body = json!({ "name": "my phone", "credential": device.make(&asked.json()) });
    post(hotline, &person.cookie, "/api/v1/session/passkeys", &body).await
}

async fn challenge(hotline: &Hotline, cookie: &str) -> Value {
    let asked = post(hotline, cookie, "/api/v1/session/passkeys/challenge", &Value::Null).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    asked.json()
}

#[tokio::test]
async fn a_passkey_is_made_asked_for_and_shown_once() {
    let hotline = Hotline::start().await;
    let person = hotline.log_in("agent1").await;
    let mut device = Device::new();
    let added = add(&hotline, &person, &mut device).await;
    assert_eq!(added.status, 200, "{}", added.text());
    assert_eq!(added.json()["recovery_codes"].as_array().unwrap().len(), 10);
    person.get("/api/v1/session").await.is_problem(401, "not-logged-in");

    let half = hotline.log_in("agent1").await;
    assert_eq!(
        (&half.me["missing"], &half.me["passkey"], &half.me["authenticator"]),
        (&json!("second_factor"), &json!(true), &json!(false))
    );
    half.get("/api/v1/session/passkeys").await.is_problem(403, "second-factor-needed");
    let shown = device.show(&challenge(&hotline, &half.cookie).await);
    let opened = confirm(&hotline, &half.cookie, &json!({ "passkey": shown })).await;
    assert_eq!((opened.status, &opened.json()["missing"]), (200, &Value::Null), "{}", opened.text());
    let mine = hotline.send("GET", "/api/v1/session/passkeys", &[("Cookie", &opened.cookie())], b"").await.json();
    assert_eq!((mine.as_array().unwrap().len(), &mine[0]["name"]), (1, &json!("my phone")));
    assert!(mine[0]["used_at"].is_string(), "{mine}");

    // The same answer in another log-in: the challenge was another.
    let thief = hotline.log_in("agent1").await;
    confirm(&hotline, &thief.cookie, &json!({ "passkey": shown })).await.is_problem(401, "wrong-code");
    challenge(&hotline, &thief.cookie).await;
    confirm(&hotline, &thief.cookie, &json!({ "passkey": shown })).await.is_problem(401, "wrong-code");
    thief.get("/api/v1/contacts").await.is_problem(403, "second-factor-needed");
}

#[tokio::test]
async fn a_passkey_of_another_origin_key_or_person_opens_nothing() {
    let hotline = Hotline::start().await;
    let person = hotline.log_in("agent1").await;
    let mut device = Device::new();
    device.origin = "https://walletline.example.evil".to_owned();
    add(&hotline, &person, &mut device).await.is_problem(422, "invalid-input");
    ORIGIN.clone_into(&mut device.origin);
    assert_eq!(add(&hotline, &person, &mut device).await.status, 200);

    let half = hotline.log_in("agent1").await;
    device.origin = "https://walletline.example.evil".to_owned();
    let phished = device.show(&challenge(&hotline, &half.cookie).await);
    confirm(&hotline, &half.cookie, &json!({ "passkey": phished })).await.is_problem(401, "wrong-code");
    let mut other = Device::new();
    let forged = other.show(&challenge(&hotline, &half.cookie).await);
    confirm(&hotline, &half.cookie, &json!({ "passkey": forged })).await.is_problem(401, "wrong-code");
    half.get("/api/v1/contacts").await.is_problem(403, "second-factor-needed");

    // Somebody else has none to show.
    let stranger = hotline.log_in("agent2").await;
    post(&hotline, &stranger.cookie, "/api/v1/session/passkeys/challenge", &Value::Null)
        .await
        .is_problem(409, "no-second-factor");
}

#[tokio::test]
async fn a_copied_device_is_noticed_by_its_counter() {
    let hotline = Hotline::start().await;
    let person = hotline.log_in("agent1").await;
    let mut device = Device::new();
    assert_eq!(add(&hotline, &person, &mut device).await.status, 200);
    let half = hotline.log_in("agent1").await;
    device.count = 9;
    let shown = device.show(&challenge(&hotline, &half.cookie).await);
    assert_eq!(confirm(&hotline, &half.cookie, &json!({ "passkey": shown })).await.status, 200);
    let again = hotline.log_in("agent1").await;
    device.count = 3;
    let copied = device.show(&challenge(&hotline, &again.cookie).await);
    confirm(&hotline, &again.cookie, &json!({ "passkey": copied })).await.is_problem(401, "wrong-code");
}

#[tokio::test]
async fn the_last_one_goes_with_everything_where_nothing_is_needed() {
    let hotline = Hotline::start().await;
    let person = hotline.log_in("agent1").await;
    let added = add(&hotline, &person, &mut Device::new()).await;
    let headers = [("X-Walletline", "1"), ("Cookie", &added.cookie())];
    let path = format!("/api/v1/session/passkeys/{}", BASE64.encode(ID));
    assert_eq!(hotline.send("DELETE", &path, &headers, b"").await.status, 204);
    hotline.send("DELETE", &path, &headers, b"").await.is_problem(409, "no-second-factor");
    let next = hotline.log_in("agent1").await;
    assert_eq!((&next.me["missing"], &next.me["second_factor"]), (&Value::Null, &json!(false)));
}
