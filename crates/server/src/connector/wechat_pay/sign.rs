//! Signatures of WeChat Pay's API v3: SHA-256 with RSA (PKCS #1) over lines, ours with the merchant's key, theirs with the platform's. An
//! answer without theirs is nobody's answer, whatever it says.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};

/// How far their clock may be from ours, in seconds.
const SKEW_MAX_S: i64 = 300;

/// Why keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadKey {
    /// The merchant's private key.
    #[error("private_key is no RSA key in PKCS #8: it begins with -----BEGIN PRIVATE KEY-----")]
    Private,
    /// The platform's public key.
    #[error("platform_key is no public key: it begins with -----BEGIN PUBLIC KEY-----")]
    Platform,
}

/// The merchant's key and the platform's.
pub(super) struct Keys {
    own: KeyPair,
    /// Under which serial number the platform knows the merchant's key.
    own_serial: String,
    platform: Vec<u8>,
    platform_serial: String,
}

impl Keys {
    pub(super) fn new(own: &str, own_serial: String, platform: &str, platform_serial: String) -> Result<Self, BadKey> {
        let own = PrivatePkcs8KeyDer::from_pem_slice(own.as_bytes()).map_err(|_| BadKey::Private)?;
        let own = KeyPair::from_pkcs8(own.secret_pkcs8_der()).map_err(|_| BadKey::Private)?;
        let platform = SubjectPublicKeyInfoDer::from_pem_slice(platform.as_bytes()).map_err(|_| BadKey::Platform)?;
        let platform = platform.as_ref().to_vec();
        // A key that is none would be found out at the first answer, when money is on its way.
        aws_lc_rs::signature::ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &platform).map_err(|_| BadKey::Platform)?;
        Ok(Self { own, own_serial, platform, platform_serial })
    }

    /// The serial number of the platform's key, which a request names so that the answer is signed with it.
    pub(super) fn platform_serial(&self) -> &str {
        &self.platform_serial
    }

    /// The value of `Authorization` for one request; `target` is its path with its query. None when the system gives no randomness.
    pub(super) fn authorization(&self, merchant: &str, request: &Signed<'_>) -> Option<String> {
        let Signed { method, target, body, seconds, nonce } = request;
        let text = format!("{method}\n{target}\n{seconds}\n{nonce}\n{body}\n");
        let mut signature = vec![0; self.own.public_modulus_len()];
        self.own.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).ok()?;
        let (signature, serial) = (STANDARD.encode(signature), &self.own_serial);
        Some(format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{merchant}\",nonce_str=\"{nonce}\",signature=\"{signature}\",\
             timestamp=\"{seconds}\",serial_no=\"{serial}\""
        ))
    }

    /// Whether an answer is the platform's: of the key we named, of these minutes, and of these very bytes.
    pub(super) fn is_theirs(&self, headers: &HeaderMap, body: &[u8], now_s: i64) -> bool {
        let header = |name: &str| headers.get(name)?.to_str().ok();
        let said = || Some((header("Wechatpay-Timestamp")?, header("Wechatpay-Nonce")?, header("Wechatpay-Signature")?));
        let Some((seconds, nonce, signature)) = said() else { return false };
        if header("Wechatpay-Serial") != Some(self.platform_serial.as_str()) {
            return false;
        }
        let is_of_now = seconds.parse::<i64>().is_ok_and(|at| now_s.saturating_sub(at).saturating_abs() <= SKEW_MAX_S);
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        let text = [seconds.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat();
        is_of_now && UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.platform).verify(&text, &signature).is_ok()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("own_serial", &self.own_serial)
            .field("platform_serial", &self.platform_serial)
            .finish_non_exhaustive()
    }
}

/// What a request's signature is over.
pub(super) struct Signed<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) body: &'a str,
    pub(super) seconds: i64,
    pub(super) nonce: &'a str,
}
