//! What travels: the objects of the specification, as far as they are used here. Reading is generous (unknown fields are passed
//! over, unknown words are kept, both spellings of a field are taken); writing is exactly what the official file says.

mod account;
mod error;
mod fields;
mod request;
mod reversal;
mod transaction;
mod words;

pub use account::{Account, AccountStatusAnswer, Identity, Kyc, SubjectName};
pub use error::{ErrorCategory, ErrorCode, ErrorObject};
pub use fields::{Fields, KeyValue};
pub use request::{
    Heartbeat, NotificationMethod, PatchItem, PatchOp, RequestState, RequestStatus, ResponseLink, ServiceStatus, UpdateSuccess,
};
pub use reversal::{Reversal, ReversalRequest, ReversalType};
pub(crate) use transaction::event_key;
pub use transaction::{InternationalTransfer, ObservedEvent, Transaction, TransactionStatus, TransactionType};
pub(crate) use words::words;
pub use words::{AccountStatus, SubStatus};
