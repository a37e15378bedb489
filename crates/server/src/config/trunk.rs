//! `[[trunk]]`: carriers. Where their calls come from and go to, how both sides prove who they are, how much of it there may be, what
//! may be dialled and how they write numbers.

use super::document::Section;
use super::{ConfigError, encryption, files, names, secrets};
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;
use walletline_voice::{
    Account, DialRule, EncryptionPolicy, Login, Network, NumberFormat, NumberPlan, Rewrite, Secret, Target, TrunkSettings,
};

/// A carrier's equipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trunk {
    /// What the voice engine is told.
    pub settings: TrunkSettings,
    /// Whether media of its calls has to be encrypted.
    pub encryption: Option<EncryptionPolicy>,
    /// What it says of calling numbers (`verstat`) is believed.
    pub verstat: bool,
}

/// How often targets are probed, and how long registrations last, where nothing else is said.
const PROBE_S: u32 = 30;
const EXPIRES_S: u32 = 600;

impl Trunk {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let id = names::id(&mut section)?;
        let from = list::<Network>(&mut section, "from", "no address or network: write 203.0.113.7 or 203.0.113.0/24")?;
        let login = section.table("login")?.map(login).transpose()?;
        let certificate = section.texts("certificate")?.unwrap_or_default();
        let authorities = section.text("authorities")?;
        let authorities = authorities.map(|path| files::existing(&section, "authorities", path)).transpose()?;
        let targets = list::<Target>(
            &mut section,
            "targets",
            "no target: write host:port;transport=udp, with ;priority=N;weight=N where several share the calls",
        )?;
        let account = section.table("account")?.map(account).transpose()?;
        let calls_max = section.number("calls_max", 1..=10_000)?;
        let calls_per_second = section.number("calls_per_second", 1..=1_000)?;
        let rule = "no rule: write \"+86*\" for numbers that begin so, a whole number for itself, and ! in front to refuse";
        let allow = list::<DialRule>(&mut section, "allow", rule)?;
        let numbers = numbers(&mut section)?;
        let probe = section.number("probe_s", 0..=3_600)?.unwrap_or(PROBE_S);
        let encryption = encryption::read(&mut section)?;
        let verstat = section.flag("verstat")?;
        if from.is_empty() && login.is_none() && certificate.is_empty() && targets.is_empty() {
            let what = "is missing: list the addresses its calls come from, for example [\"203.0.113.0/24\"]";
            return Err(section.error("from", what));
        }
        if !certificate.is_empty() && authorities.is_none() {
            return Err(section.error("authorities", "is missing: certificate needs the PEM file of those who sign it"));
        }
        if let Some(key) = [("account", account.is_some()), ("allow", !allow.is_empty())].iter().find(|(_, given)| *given)
            && targets.is_empty()
        {
            return Err(section.error("targets", format!("is missing: {} says how calls go out, and this where to", key.0)));
        }
        section.finish()?;
        let settings = TrunkSettings {
            id,
            from,
            login,
            certificate,
            authorities,
            targets,
            account,
            calls_max,
            calls_per_second,
            allow,
            numbers,
            caller_ids: std::collections::BTreeMap::new(),
            probe: (probe > 0).then(|| Duration::from_secs(probe.into())),
        };
        Ok(Self { settings, encryption, verstat })
    }
}

/// A list of texts, each of which must be read.
fn list<T: FromStr>(section: &mut Section, key: &'static str, wrong: impl Display) -> Result<Vec<T>, ConfigError> {
    let texts = section.texts(key)?.unwrap_or_default();
    let read = |text: String| text.parse().map_err(|_| section.error(key, format!("`{text}` is {wrong}")));
    texts.into_iter().map(read).collect()
}

/// How the carrier proves itself.
fn login(mut section: Section) -> Result<Login, ConfigError> {
    let (user, password) = credentials(&mut section)?;
    let domain = section.text("domain")?;
    section.finish()?;
    Ok(Login { user, password, domain })
}

/// How we prove ourselves to it.
fn account(mut section: Section) -> Result<Account, ConfigError> {
    let (user, password) = credentials(&mut section)?;
    let domain = section.required("domain", "the carrier's domain, for example \"carrier.example\"")?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    if !domain.chars().all(is_host) {
        return Err(section.error("domain", format!("`{domain}` is no domain: write \"carrier.example\"")));
    }
    let register = section.flag("register")?;
    let expires = section.number("expires_s", 60..=86_400)?;
    if expires.is_some() && !register {
        return Err(section.error("expires_s", "has no meaning without register = true"));
    }
    section.finish()?;
    let register = register.then(|| Duration::from_secs(expires.unwrap_or(EXPIRES_S).into()));
    Ok(Account { user, password, domain, register })
}

fn credentials(section: &mut Section) -> Result<(String, Secret), ConfigError> {
    let user = section.required("user", "the user name")?;
    let source = section.required("password", "file:PATH or env:VARIABLE")?;
    let password = secrets::read(&source).map_err(|what| section.error("password", what))?;
    Ok((user, Secret::new(password)))
}

/// How it writes numbers.
fn numbers(section: &mut Section) -> Result<NumberPlan, ConfigError> {
    let country = section.text("country")?;
    if let Some(code) = country.as_deref().filter(|code| !is_prefix(code)) {
        return Err(section.error("country", format!("`{code}` is no calling code: write \"86\"")));
    }
    let national_prefix = prefix(section, "national_prefix", "0")?;
    let international_prefix = prefix(section, "international_prefix", "00")?;
    let format = match section.text("format")?.as_deref() {
        None | Some("plus") => NumberFormat::Plus,
        Some("digits") => NumberFormat::Digits,
        Some("international") => NumberFormat::International,
        Some("national") => NumberFormat::National,
        Some(other) => {
            let what = format!("`{other}` is no format: use \"plus\", \"digits\", \"international\" or \"national\"");
            return Err(section.error("format", what));
        }
    };
    if format == NumberFormat::National && country.is_none() {
        return Err(section.error("country", "is missing: format = \"national\" needs it"));
    }
    let rewrite_in = section.tables("rewrite_in")?.into_iter().map(rewrite).collect::<Result<_, _>>()?;
    let rewrite_out = section.tables("rewrite_out")?.into_iter().map(rewrite).collect::<Result<_, _>>()?;
    Ok(NumberPlan { country, national_prefix, international_prefix, format, rewrite_in, rewrite_out })
}

fn prefix(section: &mut Section, key: &'static str, otherwise: &str) -> Result<String, ConfigError> {
    match section.text(key)?.as_deref() {
        None => Ok(otherwise.to_owned()),
        Some("none") => Ok(String::new()),
        Some(text) if is_prefix(text) => Ok(text.to_owned()),
        Some(text) => Err(section.error(key, format!("`{text}` is no prefix: write \"{otherwise}\", or \"none\""))),
    }
}

/// No country and no prefix is longer.
fn is_prefix(text: &str) -> bool {
    text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn rewrite(mut section: Section) -> Result<Rewrite, ConfigError> {
    let number = |section: &mut Section, key: &'static str| {
        let text = section.text(key)?.unwrap_or_default();
        let digits = text.strip_prefix('+').unwrap_or(&text);
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole { Ok(text) } else { Err(section.error(key, "must be digits, with or without a + before them")) }
    };
    let (prefix, add) = (number(&mut section, "prefix")?, number(&mut section, "add")?);
    let digits = section.number("digits", 1..=24)?;
    let strip = section.number("strip", 0..=24)?.unwrap_or_default();
    section.finish()?;
    Ok(Rewrite { prefix, digits, strip, add })
}
