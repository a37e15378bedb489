//! What travels between browser and server, one file per area. Made from the core's rows and views, never the other way round:
//! masking happens here, so that no page ever holds what it must not show.

mod account;
mod app;
mod article;
mod audit;
mod call;
mod callback;
mod case;
mod challenge;
mod clock;
mod contact;
mod credit;
mod customer;
mod directory;
mod hours;
mod live;
mod look_up;
mod names;
mod pass;
mod presence;
mod problem;
mod record;
mod recording;
mod refund;
mod session;
mod staff;
mod talk;
mod time;
mod timeline;
mod transfer;
mod upload;

pub(crate) use account::{AccountActAsked, ActDecision, WaitingAct};
pub(crate) use app::{CallBackAsked, TalkingToUs};
pub(crate) use article::ArticleFound;
pub(crate) use audit::AuditEntry;
pub(crate) use call::{CallSettings, DialEnd, FromVisitor, IceServer, ToCaller};
pub(crate) use callback::{Callback, CallbackNumber};
pub(crate) use case::{Case, CaseReport};
pub(crate) use challenge::{ChallengeAct, ChallengeView};
pub(crate) use clock::{CaseClock, ClockActAsked, DueClock};
pub(crate) use contact::{AgentRef, Contact};
pub(crate) use credit::{CaseCredit, CreditAsked};
pub(crate) use customer::CustomerView;
pub(crate) use directory::{
    DirectoryView, EditionView, ListingDecision, ListingLineView, ListingProposal, ListingView, NumberCheck, NumberReport,
    NumberStanding, ReportTaken, SuspectDecision, SuspectState, SuspectView,
};
pub(crate) use hours::{Hours, WaitNow};
pub(crate) use live::{Accepted, FromDesk, OfferOutcome, ToDesk};
pub(crate) use look_up::{LookUpReason, LookUpView, NumberShown};
pub(crate) use names::spelling;
pub(crate) use names::{
    AccountAct, CallerIdTrust, CaseKind, CaseState, ChallengeState, Channel, ClockNeeds, ClockPhase, CreditState, DeliveryState,
    Direction, Disposition, Factor, Grounds, Language, Level, LineState, NotReadyReason, OperationState, PresenceName, Purpose,
    Role, Secret, Service, Topic,
};
pub(crate) use pass::{CallPass, NewCallPass, PassView};
pub(crate) use presence::Presence;
pub(crate) use problem::Problem;
pub(crate) use record::{Note, NoteText, WrapUp, WrapUpAct};
pub(crate) use recording::{HoldReason, RecordingManifest};
pub(crate) use refund::{EvidenceAct, Operation, OperationAsked, OperationDecision, OperationPreview};
pub(crate) use session::{
    Confirm, FirstCode, LogIn, Me, Passkey, PasskeyAdded, PasskeyAsked, PasskeyMade, RecoveryCodes, SeedOffered, SetPassword,
};
pub(crate) use staff::{CertificateGiven, CertificateKind, StaffMember};
pub(crate) use time::Time;
pub(crate) use timeline::TimelineEntry;
pub(crate) use transfer::{KeysAct, MonitorAct, TransferAct, TransferMode, TransferTargets, Watching};
pub(crate) use upload::CaseUpload;
