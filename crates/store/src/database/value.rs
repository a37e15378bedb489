//! What a statement is given: text or an integer, or nothing. Both engines bind these alike.

use walletline_core::cases::Reference;
use walletline_core::kernel::{
    ids::{
        CaseId, ChallengeId, ClockId, ContactId, ErrandId, LegId, ListingId, LookUpId, OperationId, PassId, RecordingId,
        RefundId, SessionId, StaffId, SuspectId, UploadId,
    },
    subject::Subject,
    time::Wall,
};

/// A value for a placeholder.
#[derive(Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
}

/// PostgreSQL refuses a NUL in text where SQLite keeps it. A caller's name must not decide whether a contact can be written, so
/// it becomes the replacement character on both.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(without_nul(text)))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(|text| without_nul(text.to_owned())))
    }
}

impl From<&Subject> for Value {
    fn from(subject: &Subject) -> Self {
        subject.as_str().into()
    }
}

impl From<&Reference> for Value {
    fn from(reference: &Reference) -> Self {
        reference.as_str().into()
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Int(Some(int))
    }
}

impl From<u32> for Value {
    fn from(int: u32) -> Self {
        i64::from(int).into()
    }
}

impl From<Wall> for Value {
    fn from(at: Wall) -> Self {
        at.0.into()
    }
}

impl From<Option<Wall>> for Value {
    fn from(at: Option<Wall>) -> Self {
        Self::Int(at.map(|at| at.0))
    }
}

macro_rules! ids {
    ($($id:ty)*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Text(Some(id.to_string()))
            }
        }
    )*};
}

ids!(CaseId ChallengeId ClockId ContactId ErrandId LegId ListingId LookUpId OperationId PassId RecordingId RefundId SessionId StaffId SuspectId UploadId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_never_reaches_a_database() {
        for value in [Value::from("a\0b"), Value::from("a\0b".to_owned()), Value::from(Some("a\0b"))] {
            assert!(matches!(value, Value::Text(Some(text)) if text == "a\u{FFFD}b"));
        }
    }
}
