//! What an agent may write into the record of a contact: notes while it runs, and how it was closed. Rulings over rows: who asks
//! loads the row, and commits what comes back on the version it was ruled on.

use super::{Contact, Disposition, Note, WrapUp};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{actor::Actor, ids::StaffId, pii::Pii, time::Wall};

/// Longest note or closing remark, in characters: about two pages, more than anyone reads before the next call.
pub const NOTE_CHARS_MAX: usize = 4_000;

/// Why a record was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordRefusal {
    /// The agent did not speak with this customer.
    #[error("only an agent who took part in this contact may write its record")]
    NotYourContact,
    /// The text is too long.
    #[error("the text is longer than {NOTE_CHARS_MAX} characters")]
    TooLong,
    /// The code is the system's own finding.
    #[error("this code is set by the hotline alone: choose another one")]
    SystemCode,
}

impl Disposition {
    /// May be chosen by an agent; the others are the system's own findings.
    #[must_use]
    pub const fn is_agents_choice(self) -> bool {
        !matches!(self, Self::Abandoned | Self::ShortAbandon | Self::QueueTimeout)
    }
}

/// What an agent writes down about a contact. None when the row says the same already.
///
/// # Errors
/// [`RecordRefusal`] when the agent had no part in it or the text is too long.
pub fn write_note(
    contact: &Contact,
    row: Option<&(Version, Note)>,
    agent: StaffId,
    text: String,
    at: Wall,
) -> Result<Option<Commit>, RecordRefusal> {
    check(contact, agent, &text)?;
    if row.map_or(text.is_empty(), |(_, note)| *note.text.expose() == text) {
        return Ok(None);
    }
    let version = row.map_or(0, |(version, _)| *version);
    let note = Note { contact: contact.id, agent, text: Pii::new(text), at };
    let entry = Entry::new(at, Actor::Staff { id: agent }, "note.written", contact.id);
    Ok(Some(Commit::new(entry, vec![Change::Note(version, note)])))
}

/// How an agent closes a contact. A later wrap-up replaces an earlier one.
///
/// # Errors
/// [`RecordRefusal`] when the agent had no part in it, the remark is too long, or the code is not an agent's to choose.
pub fn wrap_up(
    contact: &Contact,
    row: Option<&(Version, WrapUp)>,
    agent: StaffId,
    code: Disposition,
    note: String,
    at: Wall,
) -> Result<(WrapUp, Commit), RecordRefusal> {
    check(contact, agent, &note)?;
    if !code.is_agents_choice() {
        return Err(RecordRefusal::SystemCode);
    }
    let version = row.map_or(0, |(version, _)| *version);
    let wrap_up = WrapUp { contact: contact.id, agent, code, note: Pii::new(note), at };
    let entry = Entry::new(at, Actor::Staff { id: agent }, "contact.wrapped_up", contact.id);
    Ok((wrap_up.clone(), Commit::new(entry, vec![Change::WrapUp(version, wrap_up)])))
}

fn check(contact: &Contact, agent: StaffId, text: &str) -> Result<(), RecordRefusal> {
    if !contact.agents.contains(&agent) {
        return Err(RecordRefusal::NotYourContact);
    }
    if text.chars().count() > NOTE_CHARS_MAX {
        return Err(RecordRefusal::TooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{CallerIdTrust, Channel};
    use crate::kernel::assurance::Level;

    const OWN: u128 = 1;
    const OTHER: u128 = 2;

    fn contact() -> Contact {
        Contact {
            id: 7.into(),
            line: "8000".to_owned(),
            wallet: "jinqiao".to_owned(),
            channel: Channel::Voice,
            caller: Pii::new(String::new()),
            caller_id: CallerIdTrust::None,
            language: None,
            service: None,
            level: Level::A0,
            risk: Vec::new(),
            case: None,
            opened_at: Wall(0),
            answered_at: None,
            queued_at: None,
            connected_at: None,
            ended_at: None,
            agents: vec![OWN.into()],
            disposition: None,
            expires_at: Wall(1),
        }
    }

    fn note(text: &str) -> Note {
        Note { contact: 7.into(), agent: OWN.into(), text: Pii::new(text.to_owned()), at: Wall(5) }
    }

    #[test]
    fn a_note_is_written_on_the_version_it_was_ruled_on() {
        let commit = write_note(&contact(), None, OWN.into(), "first".to_owned(), Wall(5)).unwrap().unwrap();
        assert_eq!(commit.changes(), [Change::Note(0, note("first"))]);
        assert_eq!(commit.entries()[0].action, "note.written");
        let row = (3, note("first"));
        let commit = write_note(&contact(), Some(&row), OWN.into(), "second".to_owned(), Wall(5)).unwrap().unwrap();
        assert_eq!(commit.changes(), [Change::Note(3, note("second"))]);
    }

    #[test]
    fn a_note_that_says_the_same_is_not_written_again() {
        assert_eq!(write_note(&contact(), Some(&(3, note("same"))), OWN.into(), "same".to_owned(), Wall(9)), Ok(None));
        assert_eq!(write_note(&contact(), None, OWN.into(), String::new(), Wall(9)), Ok(None));
    }

    #[test]
    fn only_who_took_part_writes_and_no_more_than_anyone_reads() {
        let long = "字".repeat(NOTE_CHARS_MAX + 1);
        let most = "字".repeat(NOTE_CHARS_MAX);
        let note = |agent: u128, text: &str| write_note(&contact(), None, agent.into(), text.to_owned(), Wall(9)).map(|_| ());
        assert_eq!(note(OTHER, "x"), Err(RecordRefusal::NotYourContact));
        assert_eq!(note(OWN, &long), Err(RecordRefusal::TooLong));
        assert_eq!(note(OWN, &most), Ok(()));
        let close =
            |agent: u128, code, text: &str| wrap_up(&contact(), None, agent.into(), code, text.to_owned(), Wall(9)).map(|_| ());
        assert_eq!(close(OTHER, Disposition::Resolved, ""), Err(RecordRefusal::NotYourContact));
        assert_eq!(close(OWN, Disposition::Resolved, &long), Err(RecordRefusal::TooLong));
        assert_eq!(close(OWN, Disposition::Resolved, &most), Ok(()));
    }

    #[test]
    fn the_systems_own_codes_are_no_choice() {
        for code in [Disposition::Abandoned, Disposition::ShortAbandon, Disposition::QueueTimeout] {
            let refused = wrap_up(&contact(), None, OWN.into(), code, String::new(), Wall(9)).map(|_| ());
            assert_eq!(refused, Err(RecordRefusal::SystemCode), "{code:?}");
        }
        for code in [Disposition::Resolved, Disposition::Dropped, Disposition::WrongNumber, Disposition::InfoOnly] {
            assert!(wrap_up(&contact(), None, OWN.into(), code, String::new(), Wall(9)).is_ok(), "{code:?}");
        }
    }
}
