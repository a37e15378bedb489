//! JSON Web Signatures (RFC 7515) with Ed25519 (RFC 8037), as much of them as the directory needs: one signature, flattened or
//! compact. A signature is checked strictly, and never with a key that only the signed text names unless the caller says so.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The algorithm's name in headers (RFC 8037, section 3.1).
const ALG: &str = "EdDSA";

/// A public key as JSON (RFC 7517, RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicKey {
    /// The key's id: its thumbprint.
    pub(crate) kid: String,
    kty: String,
    crv: String,
    /// The key itself.
    pub(crate) x: String,
}

impl PublicKey {
    fn new(bytes: &[u8; 32]) -> Self {
        let x = URL_SAFE_NO_PAD.encode(bytes);
        Self { kid: thumbprint(&x), kty: "OKP".to_owned(), crv: "Ed25519".to_owned(), x }
    }

    /// The key, when it is one of Ed25519 and its id is its thumbprint: an id cannot be another key's.
    fn verifying(&self) -> Option<VerifyingKey> {
        let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(&self.x).ok()?.try_into().ok()?;
        let ours = self.kty == "OKP" && self.crv == "Ed25519" && self.kid == thumbprint(&self.x);
        VerifyingKey::from_bytes(&bytes).ok().filter(|_| ours)
    }
}

/// The key's thumbprint (RFC 7638): SHA-256 of its required members in their order.
fn thumbprint(x: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{x}\"}}")))
}

/// Signs with one key.
pub(crate) struct Signer {
    key: SigningKey,
    /// The public half.
    pub(crate) public: PublicKey,
}

impl Signer {
    /// The signer of a secret key. The key wipes itself when it goes.
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(secret);
        let public = PublicKey::new(key.verifying_key().as_bytes());
        Self { key, public }
    }

    /// Signs a payload. `typ` says what it is, so that one thing signed can never stand for another.
    pub(crate) fn sign(&self, typ: &str, payload: &[u8]) -> Signed {
        let header = Header { alg: ALG.to_owned(), kid: self.public.kid.clone(), typ: typ.to_owned() };
        let protected = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).unwrap_or_default());
        let payload = URL_SAFE_NO_PAD.encode(payload);
        let signature = self.key.sign(format!("{protected}.{payload}").as_bytes());
        Signed { payload, protected, signature: URL_SAFE_NO_PAD.encode(signature.to_bytes()) }
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// Something signed, in the flattened JSON form (RFC 7515, section 7.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SignedDirectory)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signed {
    payload: String,
    protected: String,
    signature: String,
}

impl Signed {
    /// Reads the compact form (section 7.1).
    pub(crate) fn from_compact(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(str::to_owned);
        let (protected, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(Self { payload, protected, signature })
    }

    /// As one line.
    pub(crate) fn compact(&self) -> String {
        format!("{}.{}.{}", self.protected, self.payload, self.signature)
    }

    /// The payload, whoever signed it.
    pub(crate) fn payload(&self) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(&self.payload).ok()
    }

    /// The id of the key that signed it, by its own words; none when it is not a signature of this kind.
    pub(crate) fn kid(&self, typ: &str) -> Option<String> {
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&self.protected).ok()?).ok()?;
        (header.alg == ALG && header.typ == typ).then_some(header.kid)
    }

    /// Whether this key signed it, for this purpose.
    pub(crate) fn is_by(&self, key: &PublicKey, typ: &str) -> bool {
        let named = self.kid(typ).is_some_and(|kid| kid == key.kid);
        let bytes = URL_SAFE_NO_PAD.decode(&self.signature).ok().and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        let (Some(key), Some(bytes)) = (key.verifying().filter(|_| named), bytes) else { return false };
        let text = format!("{}.{}", self.protected, self.payload);
        key.verify_strict(text.as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_the_one_of_rfc_8037() {
        // RFC 8037, appendix A.3.
        assert_eq!(thumbprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn a_signature_is_of_one_text_one_key_and_one_purpose() {
        let (ours, others) = (Signer::new(&[1; 32]), Signer::new(&[2; 32]));
        let signed = ours.sign("a+jws", b"{\"x\":1}");
        assert!(signed.is_by(&ours.public, "a+jws"));
        assert!(!signed.is_by(&ours.public, "b+jws"));
        assert!(!signed.is_by(&others.public, "a+jws"));
        let renamed = PublicKey { kid: ours.public.kid.clone(), ..others.public };
        assert!(!signed.is_by(&renamed, "a+jws"), "an id is the key's own");
        let forged = Signed { payload: URL_SAFE_NO_PAD.encode(b"{\"x\":2}"), ..signed.clone() };
        assert!(!forged.is_by(&ours.public, "a+jws"));
        assert_eq!(Signed::from_compact(&signed.compact()), Some(signed.clone()));
        assert_eq!(signed.payload().unwrap(), b"{\"x\":1}");
        for text in ["", "a.b", "a.b.c.d"] {
            assert_eq!(Signed::from_compact(text), None);
        }
    }
}
