//! `encryption`: whether media on SIP legs has to be encrypted, told for a trunk, for a line, and in `[sip]` for whoever neither
//! speaks of.

use super::document::Section;
use super::{Config, ConfigError};
use walletline_voice::{EncryptionPolicies, EncryptionPolicy, PolicyFor};

/// The key of a section; `None` when it was not written.
pub(super) fn read(section: &mut Section) -> Result<Option<EncryptionPolicy>, ConfigError> {
    let Some(text) = section.text("encryption")? else { return Ok(None) };
    match text.as_str() {
        "required" => Ok(Some(EncryptionPolicy::Required)),
        "preferred" => Ok(Some(EncryptionPolicy::Preferred)),
        "off" => Ok(Some(EncryptionPolicy::Off)),
        _ => Err(section.error("encryption", format!("`{text}` is no policy: use \"required\", \"preferred\" or \"off\""))),
    }
}

impl Config {
    /// The policy of each call. A trunk and a line that disagree: `required` wins, because somebody counts on it; then `off`,
    /// because somebody knows that it does not work.
    #[must_use]
    pub fn encryption_policies(&self) -> EncryptionPolicies {
        let (trunks, lines, otherwise) = (self.trunks.clone(), self.lines.clone(), self.sip.encryption);
        Box::new(move |call| match call {
            PolicyFor::Phone => otherwise,
            PolicyFor::Trunk { trunk } => {
                let known = trunks.iter().find(|known| known.settings.id == trunk);
                known.and_then(|trunk| trunk.encryption).unwrap_or(otherwise)
            }
            PolicyFor::Incoming { line, trunk, .. } => {
                let trunk = trunks.iter().find(|known| trunk == Some(known.settings.id.as_str()));
                let line = lines.iter().find(|known| known.number == line);
                let told = [trunk.and_then(|trunk| trunk.encryption), line.and_then(|line| line.encryption)];
                [EncryptionPolicy::Required, EncryptionPolicy::Off, EncryptionPolicy::Preferred]
                    .into_iter()
                    .find(|policy| told.contains(&Some(*policy)))
                    .unwrap_or(otherwise)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trunk_and_a_line_are_heard_before_the_rest() {
        let config = |sip: &str, trunk: &str, line: &str| {
            let key = |policy: &str| if policy.is_empty() { String::new() } else { format!("encryption = \"{policy}\"\n") };
            let text = format!(
                "[sip]\n{}[[wallet]]\nid = \"jade\"\nname = \"Jade\"\n[[line]]\nnumber = \"8000\"\nwallet = \"jade\"\n{}[[trunk]]\nid = \
                 \"carrier\"\nfrom = [\"203.0.113.0/24\"]\n{}",
                key(sip),
                key(line),
                key(trunk)
            );
            let mut document = super::super::document::Document::empty();
            document.lay(&text).unwrap();
            Config::read(document, false).unwrap().encryption_policies()
        };
        let source = [203, 0, 113, 7].into();
        let carrier = PolicyFor::Incoming { source, line: "8000", trunk: Some("carrier") };
        let stranger = PolicyFor::Incoming { source, line: "8000", trunk: None };
        let elsewhere = PolicyFor::Incoming { source, line: "1", trunk: None };
        let outside = PolicyFor::Trunk { trunk: "carrier" };
        use EncryptionPolicy::{Off, Preferred, Required};
        for (sip, trunk, line, expected) in [
            ("", "", "", [Preferred; 5]),
            ("required", "", "", [Required; 5]),
            ("required", "off", "", [Off, Required, Required, Required, Off]),
            ("", "off", "required", [Required, Required, Preferred, Preferred, Off]),
            ("", "preferred", "off", [Off, Off, Preferred, Preferred, Preferred]),
            ("off", "preferred", "", [Preferred, Off, Off, Off, Preferred]),
        ] {
            let policy = config(sip, trunk, line);
            let asked = [carrier, stranger, elsewhere, PolicyFor::Phone, outside].map(policy);
            assert_eq!(asked, expected, "sip {sip:?}, trunk {trunk:?}, line {line:?}");
        }
    }
}
