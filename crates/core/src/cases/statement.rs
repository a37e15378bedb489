//! What somebody wrote in a form of the help pages that became a case. It is claimed and proved by nothing, so it stands beside the case and
//! names its customer nowhere else: whoever knows a number cannot put a case among those of the person it belongs to.

use crate::kernel::{
    ids::CaseId,
    language::Language,
    pii::Pii,
    redaction::{Secret, screen},
    time::Wall,
    transaction,
};
use serde::{Deserialize, Serialize};

/// Characters of what happened: two pages.
pub const TEXT_CHARS_MAX: usize = 4_000;

/// Characters of any other field as it is typed.
const FIELD_CHARS_MAX: usize = 40;

/// Digits of a transaction's whole number.
const TRANSACTION_DIGITS: usize = 12;

/// A statement as a row. Written once; nobody changes what a customer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The case that came of it.
    pub case: CaseId,
    /// Names the form as it was filled in, as a keyed hash: the same one sent twice is one case.
    pub form: String,
    /// What was told.
    pub told: Told,
    /// When it was sent.
    pub sent_at: Wall,
    /// When it must be gone: with its case.
    pub expires_at: Wall,
}

/// What was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The language of the form.
    pub language: Language,
    /// The phone number they say is theirs, E.164.
    pub number: Option<Pii<String>>,
    /// The transaction they name.
    pub transaction: Option<String>,
    /// What happened, without its secrets.
    pub text: Pii<String>,
    /// It is about this hotline, not about the wallet.
    pub hotline: bool,
    /// The agent it is about, by the number that is announced.
    pub agent: Option<String>,
}

/// What a form holds, as it was typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// A phone number, made E.164 at the edge; none where the field was empty.
    pub number: Option<Pii<String>>,
    /// The number that was typed can be none.
    pub bad_number: bool,
    /// A transaction's number.
    pub transaction: String,
    /// What happened.
    pub text: String,
    /// It is about this hotline.
    pub hotline: bool,
    /// The number of an agent.
    pub agent: String,
}

/// What a form has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demanded {
    /// A phone number: whoever disputes a payment has an account.
    pub number: bool,
    /// What happened.
    pub text: bool,
}

/// Why a form is no statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadStatement {
    /// No phone number.
    #[error("say which phone number is registered with the wallet")]
    NumberMissing,
    /// It cannot be one.
    #[error("this is no phone number of a customer of this wallet")]
    NotANumber,
    /// Neither empty nor twelve digits with the right check digit.
    #[error("this is no transaction number: give its twelve digits, or leave it out")]
    NotATransaction,
    /// Nothing is told.
    #[error("say what happened")]
    TextMissing,
    /// Too long.
    #[error("the text has more than {TEXT_CHARS_MAX} characters: shorten it")]
    TextTooLong,
    /// Not the number of an agent.
    #[error("an agent's number has digits only: give it as you heard it, or leave it out")]
    NotAnAgent,
}

impl Told {
    /// Reads a form; what was taken out of its text is told to whoever wrote it.
    ///
    /// # Errors
    /// [`BadStatement`] names the first field that cannot stand.
    pub fn read(typed: &Typed, language: Language, demanded: Demanded) -> Result<(Self, Vec<Secret>), BadStatement> {
        if typed.bad_number {
            return Err(BadStatement::NotANumber);
        }
        if demanded.number && typed.number.is_none() {
            return Err(BadStatement::NumberMissing);
        }
        let transaction = match digits(&typed.transaction).ok_or(BadStatement::NotATransaction)?.as_str() {
            "" => None,
            digits if digits.len() == TRANSACTION_DIGITS && transaction::is_number(digits) => Some(digits.to_owned()),
            _ => return Err(BadStatement::NotATransaction),
        };
        let text = typed.text.trim();
        if text.is_empty() && demanded.text {
            return Err(BadStatement::TextMissing);
        }
        if text.chars().nth(TEXT_CHARS_MAX).is_some() {
            return Err(BadStatement::TextTooLong);
        }
        let agent = digits(&typed.agent).filter(|agent| agent.bytes().all(|byte| byte.is_ascii_digit()));
        let agent = Some(agent.ok_or(BadStatement::NotAnAgent)?).filter(|agent| typed.hotline && !agent.is_empty());
        // Control characters other than line breaks mean nothing in a text, and could mean something to whatever shows it.
        let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let screened = screen(&text);
        let (number, hotline) = (typed.number.clone(), typed.hotline);
        Ok((Self { language, number, transaction, text: Pii::new(screened.text), hotline, agent }, screened.secrets))
    }
}

/// Digits as people type and group them: spaces and dashes are taken, full-width digits too. None where it is longer than any number.
fn digits(typed: &str) -> Option<String> {
    if typed.chars().nth(FIELD_CHARS_MAX).is_some() {
        return None;
    }
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    Some(typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(plain).collect())
}

impl Statement {
    /// Whether it is about the agent of this number: what somebody says of an agent never reaches that agent (domain, complaints).
    #[must_use]
    pub fn is_about(&self, number: &str) -> bool {
        self.told.agent.as_deref() == Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISPUTE: Demanded = Demanded { number: true, text: false };
    const COMPLAINT: Demanded = Demanded { number: false, text: true };

    fn typed(transaction: &str, text: &str) -> Typed {
        let number = Some(Pii::new("+8619000000001".to_owned()));
        Typed { number, transaction: transaction.to_owned(), text: text.to_owned(), ..Typed::default() }
    }

    fn read(typed: &Typed, demanded: Demanded) -> Result<Told, BadStatement> {
        Told::read(typed, Language::En, demanded).map(|(told, _)| told)
    }

    #[test]
    fn a_transaction_is_taken_as_people_write_it_and_only_whole() {
        for (text, read_as) in [
            ("261118000486", Ok(Some("261118000486"))),
            ("2611 1800-0486", Ok(Some("261118000486"))),
            ("２６１１１８０００４８６", Ok(Some("261118000486"))),
            ("", Ok(None)),
            ("000486", Err(BadStatement::NotATransaction)),
            ("261118000487", Err(BadStatement::NotATransaction)),
            ("abc", Err(BadStatement::NotATransaction)),
            ("1111111111111111111111111111111111111111111", Err(BadStatement::NotATransaction)),
        ] {
            let told = read(&typed(text, ""), DISPUTE);
            assert_eq!(told.as_ref().map(|told| told.transaction.as_deref()).map_err(|bad| *bad), read_as, "{text}");
        }
    }

    #[test]
    fn each_form_demands_its_own() {
        let nobody = Typed { number: None, ..typed("", "It was rude.") };
        assert_eq!(read(&nobody, DISPUTE), Err(BadStatement::NumberMissing));
        assert!(read(&nobody, COMPLAINT).is_ok());
        assert_eq!(read(&typed("", " \n "), COMPLAINT), Err(BadStatement::TextMissing));
        assert!(read(&typed("", ""), DISPUTE).is_ok());
        assert_eq!(read(&typed("", &"x".repeat(TEXT_CHARS_MAX + 1)), DISPUTE), Err(BadStatement::TextTooLong));
        assert!(read(&typed("", &"好".repeat(TEXT_CHARS_MAX)), DISPUTE).is_ok());
        assert_eq!(read(&Typed { bad_number: true, ..typed("", "x") }, COMPLAINT), Err(BadStatement::NotANumber));
    }

    #[test]
    fn secrets_and_control_characters_do_not_stay() {
        let (told, secrets) = Told::read(&typed("", "One\r\nTwo\u{7}. My password: hunter2"), Language::En, DISPUTE).unwrap();
        assert_eq!((told.text.expose().as_str(), secrets), ("One\nTwo. My password: •••", vec![Secret::Password]));
    }

    #[test]
    fn an_agent_is_named_only_where_it_is_about_the_hotline() {
        let about = |hotline, agent: &str| Typed { hotline, agent: agent.to_owned(), ..typed("", "x") };
        assert_eq!(read(&about(true, " 10 24 "), COMPLAINT).unwrap().agent.as_deref(), Some("1024"));
        assert_eq!(read(&about(false, "1024"), COMPLAINT).unwrap().agent, None);
        assert_eq!(read(&about(true, ""), COMPLAINT).unwrap().agent, None);
        assert_eq!(read(&about(true, "Amy"), COMPLAINT), Err(BadStatement::NotAnAgent));
    }
}
