//! `[ice]`: what helps browsers behind strict networks to reach us: STUN and TURN servers (RFC 8656), and the secret we share with
//! the latter (coturn's `use-auth-secret`). The secret is read once at the start and repeated by nothing.

use super::ConfigError;
use super::document::Section;
use std::fmt;
use toml::Value;
use zeroize::Zeroizing;

/// The servers told to browsers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ice {
    /// STUN servers.
    pub stun: Vec<String>,
    /// TURN servers.
    pub turn: Vec<Turn>,
}

/// One TURN server, under its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Its addresses: one for each transport.
    pub urls: Vec<String>,
    /// What its credentials are made from.
    pub secret: TurnSecret,
}

/// A secret shared with a TURN server. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct TurnSecret(Zeroizing<String>);

impl TurnSecret {
    pub(crate) fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for TurnSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TurnSecret(…)")
    }
}

/// A browser asks every server it is told: more of them make a call start later.
const SERVERS_MAX: usize = 4;
const URLS_MAX: usize = 4;
/// Shorter ones can be guessed from a credential that anybody may ask for.
const SECRET_CHARS_MIN: usize = 20;

impl Ice {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let stun = section.texts("stun")?.unwrap_or_default();
        if stun.len() > SERVERS_MAX {
            return Err(section.error("stun", format!("lists more than {SERVERS_MAX} servers: a browser asks them all")));
        }
        check(&section, "stun", &stun, &["stun:", "stuns:"])?;
        let entries = match section.value("turn") {
            None => Vec::new(),
            Some(Value::Array(entries)) if entries.len() <= SERVERS_MAX => entries,
            Some(_) => {
                let what = format!("must be a list of at most {SERVERS_MAX}: [{{ urls = [\"turn:…\"], secret = \"file:…\" }}]");
                return Err(section.error("turn", what));
            }
        };
        let turn = entries.into_iter().map(|entry| read_turn(&section, entry)).collect::<Result<_, _>>()?;
        section.finish()?;
        Ok(Self { stun, turn })
    }
}

fn read_turn(section: &Section, entry: Value) -> Result<Turn, ConfigError> {
    let wrong = |what: &str| section.error("turn", what);
    let Value::Table(mut keys) = entry else { return Err(wrong("each entry must be a table with urls and secret")) };
    let urls = keys.remove("urls").and_then(|urls| urls.try_into::<Vec<String>>().ok()).unwrap_or_default();
    if urls.is_empty() || urls.len() > URLS_MAX {
        return Err(wrong("urls must list one to four addresses, for example [\"turn:turn.example.org:3478?transport=udp\"]"));
    }
    check(section, "turn", &urls, &["turn:", "turns:"])?;
    let source = keys.remove("secret").and_then(|source| source.try_into::<String>().ok()).unwrap_or_default();
    let secret = read_secret(&source).map_err(|what| section.error("turn", format!("secret {what}")))?;
    match keys.keys().next() {
        None => Ok(Turn { urls, secret }),
        Some(key) => Err(section.error("turn", format!("unknown key {key}: known here are urls, secret"))),
    }
}

fn check(section: &Section, key: &str, urls: &[String], schemes: &[&str]) -> Result<(), ConfigError> {
    let is_one = |url: &&String| {
        let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
        rest.is_some_and(|rest| !rest.is_empty()) && !url.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    match urls.iter().find(|url| !is_one(url)) {
        None => Ok(()),
        Some(url) => Err(section.error(key, format!("`{url}` is no such address: write {}HOST:PORT", schemes[0]))),
    }
}

fn read_secret(source: &str) -> Result<TurnSecret, String> {
    let text = match source.split_once(':') {
        Some(("file", path)) => std::fs::read_to_string(path).map_err(|e| format!("cannot be read from `{path}`: {e}"))?,
        Some(("env", name)) => std::env::var(name).map_err(|_| format!("cannot be read: the variable {name} is not set"))?,
        _ => return Err("must be file:PATH or env:VARIABLE, never the secret itself".to_owned()),
    };
    let text = Zeroizing::new(text);
    if text.trim().chars().count() < SECRET_CHARS_MIN {
        return Err(format!("must have at least {SECRET_CHARS_MIN} characters: make one with `openssl rand -hex 32`"));
    }
    Ok(TurnSecret::new(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::document::Document;

    fn read(text: &str) -> Result<Ice, ConfigError> {
        let mut document = Document::empty();
        document.lay(text)?;
        Ice::read(document.section("ice"))
    }

    fn refused(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn servers_are_read_and_the_secret_is_not_printed() {
        let path = std::env::temp_dir().join(format!("walletline-turn-secret-{}", std::process::id()));
        std::fs::write(&path, "0123456789abcdef0123456789abcdef\n").unwrap();
        let (urls, secret) = ("\"turn:turn.example.org:3478?transport=udp\", \"turns:turn.example.org\"", path.display());
        let ice = read(&format!(
            "[ice]\nstun = [\"stun:stun.example.org\"]\nturn = [{{ urls = [{urls}], secret = \"file:{secret}\" }}]"
        ));
        let ice = ice.unwrap();
        assert_eq!((ice.stun.len(), ice.turn.len(), ice.turn[0].urls.len()), (1, 1, 2));
        assert_eq!(ice.turn[0].secret.bytes(), b"0123456789abcdef0123456789abcdef");
        assert!(!format!("{ice:?}").contains("0123"));
        assert_eq!(read("").unwrap(), Ice::default());
        std::fs::write(&path, "short").unwrap();
        let short = format!("[ice]\nturn = [{{ urls = [\"turn:a\"], secret = \"file:{secret}\" }}]");
        let told = refused(&short);
        std::fs::remove_file(&path).unwrap();
        assert!(told.starts_with("ice.turn: secret must have at least 20 characters"), "{told}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, expected) in [
            ("stun = [\"turn:a\"]", "ice.stun: `turn:a` is no such address: write stun:HOST:PORT"),
            ("stun = [\"stun:\"]", "ice.stun: `stun:` is no such address"),
            ("turn = \"turn:a\"", "ice.turn: must be a list of at most 4"),
            ("turn = [\"turn:a\"]", "ice.turn: each entry must be a table"),
            ("turn = [{ secret = \"env:X\" }]", "ice.turn: urls must list one to four"),
            ("turn = [{ urls = [\"stun:a\"], secret = \"env:X\" }]", "ice.turn: `stun:a` is no such address"),
            ("turn = [{ urls = [\"turn:a\"], secret = \"abc\" }]", "ice.turn: secret must be file:PATH or env:VARIABLE"),
            ("turn = [{ urls = [\"turn:a\"] }]", "ice.turn: secret must be file:PATH"),
            ("relay = true", "ice.relay: unknown key"),
        ] {
            let told = refused(&format!("[ice]\n{text}"));
            assert!(told.starts_with(expected), "{text}: {told}");
        }
    }
}
