//! Each reason not to believe a statement, by name, against certificates that an authority of the test makes.

use super::*;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, date_time_ymd,
};
use walletline_voice::Attestation;

const AT_S: i64 = 1_790_000_000;
const NUMBER: &str = "12155550112";
const TN_AUTH_LIST: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 26];
const CLAIM_CONSTRAINTS: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 27];

/// An authority, and who it certifies.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

struct Signer {
    key: KeyPair,
    chain: Vec<CertificateDer<'static>>,
}

fn named(name: &str, years: (i32, i32)) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = named(name, (2020, 2040));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

/// DER of a short form.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
}

/// A list of one number, of one carrier.
fn only(number: &str) -> CustomExtension {
    let entry = element(0xA2, &element(0x16, number.as_bytes()));
    CustomExtension::from_oid_content(&TN_AUTH_LIST, element(0x30, &entry))
}

fn carrier(code: &str) -> CustomExtension {
    let entry = element(0xA0, &element(0x16, code.as_bytes()));
    CustomExtension::from_oid_content(&TN_AUTH_LIST, element(0x30, &entry))
}

impl Authority {
    fn new() -> Self {
        let (params, key) = (authority("Root"), KeyPair::generate().unwrap());
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    /// Somebody certified from one year to another, with these extensions.
    fn certify(&self, years: (i32, i32), extensions: Vec<CustomExtension>) -> Signer {
        let mut params = named("SHAKEN 709J", years);
        params.custom_extensions = extensions;
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Signer {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Signer { key, chain: vec![certificate.der().clone()] }
    }
}

impl Signer {
    fn statement(&self) -> Passport {
        let mut passport = unsigned();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.key.serialize_der()).unwrap();
        passport.signature = pair.sign(&SystemRandom::new(), passport.signed.as_bytes()).unwrap().as_ref().to_vec();
        passport
    }
}

fn unsigned() -> Passport {
    Passport {
        signed: "header.claims".to_owned(),
        signature: vec![0; 64],
        certificate_url: "https://sti.example/c.pem".to_owned(),
        attestation: Attestation::A,
        orig: NUMBER.to_owned(),
        dest: vec!["8000".to_owned(), "12155550113".to_owned()],
        issued_at_s: AT_S,
    }
}

fn verify(passport: &Passport, signer: &Signer, root: &Authority) -> Result<(), Refusal> {
    let anchor = webpki::anchor_from_trusted_cert(&root.certificate).unwrap();
    is_signed(passport, &signer.chain, &[anchor], AT_S)
}

#[test]
fn a_statement_is_believed_from_a_certificate_that_leads_to_an_anchor() {
    let root = Authority::new();
    for extensions in [vec![], vec![carrier("709J")], vec![only(NUMBER)]] {
        let signer = root.certify((2026, 2027), extensions);
        assert_eq!(verify(&signer.statement(), &signer, &root), Ok(()));
    }
}

#[test]
fn an_authority_between_speaks_for_its_own_numbers_alone() {
    let root = Authority::new();
    for (list, verdict) in [(only(NUMBER), Ok(())), (only("12155550199"), Err(Refusal::NotCovered))] {
        let (mut params, key) = (authority("Between"), KeyPair::generate().unwrap());
        params.custom_extensions = vec![list];
        let certificate = params.signed_by(&key, &root.issuer).unwrap().der().clone();
        let between = Authority { issuer: Issuer::new(params, key), certificate };
        let mut signer = between.certify((2026, 2027), vec![only(NUMBER)]);
        signer.chain.push(between.certificate.clone());
        assert_eq!(verify(&signer.statement(), &signer, &root), verdict);
        signer.chain.pop();
        assert_eq!(verify(&signer.statement(), &signer, &root), Err(Refusal::Untrusted), "a link is missing");
    }
}

#[test]
fn a_statement_is_refused_by_name() {
    let (root, other) = (Authority::new(), Authority::new());
    let signer = root.certify((2026, 2027), vec![only(NUMBER)]);
    let good = signer.statement();
    assert_eq!(verify(&unsigned(), &signer, &root), Err(Refusal::WrongSignature));
    let another = Passport { signed: "header.other".to_owned(), ..good.clone() };
    assert_eq!(verify(&another, &signer, &root), Err(Refusal::WrongSignature));
    let by_another = root.certify((2026, 2027), vec![only(NUMBER)]).statement();
    assert_eq!(verify(&by_another, &signer, &root), Err(Refusal::WrongSignature));
    assert_eq!(verify(&good, &signer, &other), Err(Refusal::Untrusted));
    assert_eq!(is_signed(&good, &[], &[], AT_S), Err(Refusal::Untrusted));
    assert_eq!(is_signed(&good, &[vec![0x30, 3, 1, 2, 3].into()], &[], AT_S), Err(Refusal::Untrusted));
    for (years, extensions, refusal) in [
        ((2025, 2026), vec![], Refusal::Expired),
        ((2027, 2028), vec![], Refusal::Expired),
        ((2026, 2027), vec![only("12155550113")], Refusal::NotCovered),
        ((2026, 2027), vec![CustomExtension::from_oid_content(&TN_AUTH_LIST, vec![0x30, 0])], Refusal::NotCovered),
        ((2026, 2027), vec![CustomExtension::from_oid_content(&CLAIM_CONSTRAINTS, vec![0x30, 0])], Refusal::Constrained),
    ] {
        let signer = root.certify(years, extensions);
        assert_eq!(verify(&signer.statement(), &signer, &root), Err(refusal));
    }
    let mut server = named("web server", (2026, 2027));
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let server = root.sign(&server);
    assert_eq!(verify(&server.statement(), &server, &root), Err(Refusal::Untrusted), "a certificate for servers");
}

#[test]
fn a_statement_is_for_this_call() {
    let call = |caller, callee, to: Option<&'static str>, at_s| Call {
        caller,
        callees: [callee, "", to.unwrap_or_default()],
        forms: &[],
        at_s,
    };
    for (call, verdict) in [
        (call("+12155550112", "8000", None, AT_S), Ok(())),
        (call("0012155550112", "+1 215-555-0113", None, AT_S + 60), Ok(())),
        (call("12155550112", "8001", Some("12155550113"), AT_S - 60), Ok(())),
        (call("", "8000", None, AT_S), Ok(())),
        (call("+12155550112", "8000", None, AT_S + 61), Err(Refusal::Stale)),
        (call("+12155550112", "8000", None, AT_S - 61), Err(Refusal::Stale)),
        (call("+12155550112", "8000", None, i64::MIN), Err(Refusal::Stale)),
        (call("+12155550119", "8000", None, AT_S), Err(Refusal::OtherCaller)),
        (call("2155550112", "8000", None, AT_S), Err(Refusal::OtherCaller)),
        (call("li.na", "8000", None, AT_S), Err(Refusal::OtherCaller)),
        (call("+12155550112", "8001", None, AT_S), Err(Refusal::OtherCallee)),
        (call("+12155550112", "8001", Some("8002"), AT_S), Err(Refusal::OtherCallee)),
    ] {
        assert_eq!(fits(&unsigned(), &call), verdict, "{call:?}");
    }
}

#[test]
fn a_national_number_is_the_same_with_its_country() {
    let forms: Vec<Form> = ["+86 1##########", "+44 7#########"].iter().map(|form| form.parse().unwrap()).collect();
    for (signed, shown, same) in [
        ("8619000000001", "19000000001", true),
        ("8619000000001", "+86 190-0000-0001", true),
        ("447700900003", "07700900003", true),
        ("8619000000001", "19000000002", false),
        ("8619000000001", "", false),
        ("", "19000000001", false),
    ] {
        assert_eq!(is_same(signed, shown, &forms), same, "{signed} {shown}");
    }
}
