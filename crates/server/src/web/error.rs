//! What a request can be answered with when it fails: RFC 9457 problem documents with stable types. The one place where refusals
//! and faults become statuses. A detail is written for the person who asked; it repeats no secret and no row.

use super::wire;
use crate::directory::CheckError;
use crate::engine::{ActError, PermitError};
use crate::refunds::RefundError;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use walletline_core::call::RecordRefusal;
use walletline_core::cases::{CallbackRefusal, ClockRefusal, CreditRefusal};
use walletline_core::directory::{BadAddress, ListingRefusal, SuspectRefusal};
use walletline_core::help::NotDecided;
use walletline_core::identity::NotPermitted;
use walletline_core::money::RefundRefusal;
use walletline_core::switchboard::PermitRefused;
use walletline_core::switchboard::event::ActRefusal;
use walletline_store::{CommitError, ReadError};

/// Where the types of problems are named. The address names a problem; nothing needs to be served there.
const TYPES: &str = "https://walletline.dev/problems/";

/// A request's failure.
#[derive(Debug)]
pub(crate) struct Problem {
    slug: &'static str,
    status: StatusCode,
    title: &'static str,
    detail: String,
    retry_after_s: Option<u64>,
}

impl Problem {
    /// The status it is answered with.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) const fn new(slug: &'static str, status: StatusCode, title: &'static str, detail: String) -> Self {
        Self { slug, status, title, detail, retry_after_s: None }
    }

    /// 401: nobody is logged in.
    pub(crate) fn not_logged_in() -> Self {
        let detail = "log in first".to_owned();
        Self::new("not-logged-in", StatusCode::UNAUTHORIZED, "Not logged in", detail)
    }

    /// 401: nobody vouches for what a gateway tells. The same whether or not there is such a gateway.
    pub(crate) fn not_signed() -> Self {
        let detail = "sign the receipt with the key of its route, and send it within five minutes".to_owned();
        Self::new("not-signed", StatusCode::UNAUTHORIZED, "Not signed", detail)
    }

    /// 401: nobody vouches for what an app's server asks. The same whatever is wrong with it, be it the wallet, the key, the time or that
    /// it was asked before.
    pub(crate) fn app_not_signed() -> Self {
        let detail = "sign the question with the wallet's key, the present time and a nonce of its own".to_owned();
        Self::new("not-signed", StatusCode::UNAUTHORIZED, "Not signed", detail)
    }

    /// 401: the log-in was not accepted. Never says which part was wrong.
    pub(crate) fn wrong_credentials(detail: &str) -> Self {
        Self::new("wrong-credentials", StatusCode::UNAUTHORIZED, "Log-in refused", detail.to_owned())
    }

    /// 401: a code was not taken. Never says why.
    pub(crate) fn wrong_code(detail: String) -> Self {
        Self::new("wrong-code", StatusCode::UNAUTHORIZED, "Code refused", detail)
    }

    /// 403: logged in, but not for this.
    pub(crate) fn forbidden(detail: &str) -> Self {
        Self::new("forbidden", StatusCode::FORBIDDEN, "Forbidden", detail.to_owned())
    }

    /// 403: whoever does this must hold a certificate.
    pub(crate) fn certificate_missing(detail: String) -> Self {
        Self::new("certificate-missing", StatusCode::FORBIDDEN, "Certificate missing", detail)
    }

    /// 403: nobody does this for themselves.
    pub(crate) fn oneself(detail: String) -> Self {
        Self::new("oneself", StatusCode::FORBIDDEN, "Somebody else must decide", detail)
    }

    /// 403: a write without the header that no foreign page can send.
    pub(crate) fn missing_header() -> Self {
        let detail = "a write needs the header `X-Walletline: 1`".to_owned();
        Self::new("missing-header", StatusCode::FORBIDDEN, "Header missing", detail)
    }

    /// 404: there is no such thing, or none that this person may see.
    pub(crate) fn not_found() -> Self {
        Self::new("not-found", StatusCode::NOT_FOUND, "Not found", "there is nothing here under this name".to_owned())
    }

    /// 405: the address is known, the method is not.
    pub(crate) fn method_not_allowed() -> Self {
        let detail = "this address does not take this method".to_owned();
        Self::new("invalid-input", StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", detail)
    }

    /// 416: what is there has no such part.
    pub(crate) fn no_such_part() -> Self {
        let detail = "there is no such part: ask for one within the length that Content-Range tells".to_owned();
        Self::new("invalid-input", StatusCode::RANGE_NOT_SATISFIABLE, "No such part", detail)
    }

    /// 422: the request says something that cannot be.
    pub(crate) fn invalid_input(detail: impl Into<String>) -> Self {
        Self::new("invalid-input", StatusCode::UNPROCESSABLE_ENTITY, "Invalid input", detail.into())
    }

    /// 429: too many tries.
    pub(crate) fn too_many_requests(retry_after_s: u64) -> Self {
        let detail = format!("too many tries: try again in {retry_after_s} seconds");
        let problem = Self::new("too-many-requests", StatusCode::TOO_MANY_REQUESTS, "Too many requests", detail);
        Self { retry_after_s: Some(retry_after_s), ..problem }
    }

    /// 409: others wrote at the same time, again and again.
    pub(crate) fn conflict() -> Self {
        let detail = "somebody else changed this at the same time: load it again".to_owned();
        Self::new("conflict", StatusCode::CONFLICT, "Conflict", detail)
    }

    /// 409: as the row stands, a rule says no.
    pub(crate) fn refused(slug: &'static str, title: &'static str, detail: String) -> Self {
        Self::new(slug, StatusCode::CONFLICT, title, detail)
    }

    /// 413: more than this address takes.
    pub(crate) fn too_large(detail: &str) -> Self {
        Self::new("invalid-input", StatusCode::PAYLOAD_TOO_LARGE, "Body too large", detail.to_owned())
    }

    /// 503: a part of the program does not answer.
    pub(crate) fn unavailable() -> Self {
        let detail = "this cannot be done just now: try again in a moment".to_owned();
        Self::new("unavailable", StatusCode::SERVICE_UNAVAILABLE, "Unavailable", detail)
    }

    /// 500: our own bug, contained to this request.
    pub(crate) fn internal() -> Self {
        let detail = "the program made a mistake; it was noted and costs this request only".to_owned();
        Self::new("internal", StatusCode::INTERNAL_SERVER_ERROR, "Internal error", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = wire::Problem {
            type_: format!("{TYPES}{}", self.slug),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        tracing::warn!(%error, "a request could not read the store");
        Self::unavailable()
    }
}

impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(_) => Self::conflict(),
            CommitError::Unavailable(_) | CommitError::InDoubt(_) => {
                tracing::warn!(%error, "a request could not write to the store");
                Self::unavailable()
            }
        }
    }
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Self {
        let refusal = match error {
            ActError::Stopping => return Self::unavailable(),
            ActError::Refused(refusal) => refusal,
        };
        let (slug, title) = match refusal {
            ActRefusal::OfferOver => ("offer-over", "Offer over"),
            ActRefusal::NotYourContact => ("not-your-contact", "Not your contact"),
            ActRefusal::NotConnected => ("not-connected", "Not connected"),
            ActRefusal::AlreadyAsked => ("already-asked", "Somebody is asked already"),
            ActRefusal::UnknownTarget => ("unknown-target", "No such agent, queue or number"),
            ActRefusal::OutsideClosed => ("outside-closed", "Nobody is there at this hour"),
            ActRefusal::OutsideThere => ("outside-there", "Somebody outside is on the call"),
            ActRefusal::AgentBusy => ("agent-busy", "The agent is busy"),
            ActRefusal::AgentNotReady => ("agent-not-ready", "The agent is not ready"),
            ActRefusal::AgentNotThere => ("agent-not-there", "The agent is not there"),
            ActRefusal::CallFull => ("call-full", "The call is full"),
            ActRefusal::NotAlone => ("not-alone", "Others are on the call"),
            ActRefusal::OnHold => ("on-hold", "The customer is on hold"),
            ActRefusal::NoSuchFactor => ("no-such-factor", "This cannot be asked for"),
            ActRefusal::Challenged => ("challenged", "A code is being keyed"),
            ActRefusal::NotChallenged => ("not-challenged", "No code is being keyed"),
            ActRefusal::CodeTooSoon => ("code-too-soon", "A code was just sent"),
            ActRefusal::NoPushesLeft => ("no-pushes-left", "The app has asked often enough"),
            ActRefusal::NoTriesLeft => ("no-tries-left", "Too many wrong codes"),
            ActRefusal::VerifyFirst => ("verify-first", "A first factor comes first"),
            ActRefusal::AlreadyVerified => ("already-verified", "Shown before"),
            ActRefusal::TooLittleShown(_) => ("not-enough-shown", "Not enough was shown"),
            ActRefusal::NobodyNamed => ("nobody-named", "Nobody is named"),
            ActRefusal::Alone => ("alone", "Nobody else is on the call"),
            ActRefusal::NotASupervisor => return Self::forbidden(&refusal.to_string()),
            ActRefusal::NotYourTeam => {
                return Self::new("not-your-team", StatusCode::FORBIDDEN, "Not your team", refusal.to_string());
            }
            ActRefusal::NoAgent => ("no-agent", "No agent is on the call"),
            ActRefusal::NoTransactionAsked => ("no-transaction-asked", "No transaction was asked about"),
            ActRefusal::NoTransactionNumber => return Self::invalid_input(refusal.to_string()),
            ActRefusal::NoKeys => return Self::invalid_input(refusal.to_string()),
            ActRefusal::Busy => ("busy", "Busy"),
            ActRefusal::AnswerOnPhone => ("answer-on-phone", "Answer on the phone"),
            ActRefusal::NotAnAgent => ("not-an-agent", "Not an agent"),
        };
        Self::new(slug, StatusCode::CONFLICT, title, refusal.to_string())
    }
}

impl From<RecordRefusal> for Problem {
    fn from(refusal: RecordRefusal) -> Self {
        match refusal {
            RecordRefusal::NotYourContact => {
                Self::new("not-your-contact", StatusCode::FORBIDDEN, "Not your contact", refusal.to_string())
            }
            RecordRefusal::TooLong | RecordRefusal::SystemCode => Self::invalid_input(refusal.to_string()),
        }
    }
}

impl From<CallbackRefusal> for Problem {
    fn from(refusal: CallbackRefusal) -> Self {
        let (slug, title) = match refusal {
            CallbackRefusal::TakenByAnother => ("taken-by-another", "Taken by another"),
            CallbackRefusal::Over => ("callback-over", "Finished"),
            CallbackRefusal::NotTaken => ("callback-not-taken", "Not taken"),
        };
        Self::new(slug, StatusCode::CONFLICT, title, refusal.to_string())
    }
}

impl From<ClockRefusal> for Problem {
    fn from(refusal: ClockRefusal) -> Self {
        let detail = refusal.to_string();
        let (slug, title) = match refusal {
            ClockRefusal::NotYourWork => return Self::forbidden(&detail),
            ClockRefusal::ApprovalNeeded => {
                return Self::new("clock-approval", StatusCode::FORBIDDEN, "Somebody higher up must agree", detail);
            }
            ClockRefusal::Ended => ("clock-ended", "The clock has ended"),
            ClockRefusal::TooLate => ("clock-over", "The deadline has passed"),
            ClockRefusal::Paused => ("clock-paused", "The clock stands still"),
            ClockRefusal::Running => ("clock-running", "The clock runs"),
            ClockRefusal::NoPause | ClockRefusal::PausedTooOften => ("clock-no-pause", "The clock does not stand still"),
            ClockRefusal::NoExtension => ("clock-no-extension", "No further extension"),
            ClockRefusal::CreditFirst => ("clock-credit-first", "A provisional credit comes first"),
            ClockRefusal::NoException => ("clock-no-exception", "No exception"),
            ClockRefusal::Calendar(_) => ("calendar-too-short", "The calendar does not reach so far"),
        };
        Self::new(slug, StatusCode::CONFLICT, title, detail)
    }
}

impl From<CreditRefusal> for Problem {
    fn from(refusal: CreditRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            CreditRefusal::NotYourWork => Self::forbidden(&detail),
            CreditRefusal::Oneself | CreditRefusal::UnderProposer => Self::oneself(detail),
            CreditRefusal::NoCertificate => Self::certificate_missing(detail),
            CreditRefusal::NoAmount => Self::invalid_input(detail),
            CreditRefusal::NoRule => Self::refused("credit-no-rule", "No rule knows a credit", detail),
            CreditRefusal::NotInThisState => Self::refused("credit-not-so", "Not as it stands", detail),
        }
    }
}

impl From<RefundError> for Problem {
    fn from(error: RefundError) -> Self {
        let detail = error.to_string();
        match error {
            RefundError::Refused(refusal) => refused_refund(refusal),
            RefundError::Permit(PermitError::Stopping) => Self::unavailable(),
            RefundError::Permit(PermitError::Refused(PermitRefused::Act(refusal))) => ActError::Refused(refusal).into(),
            RefundError::Permit(PermitError::Refused(PermitRefused::Permit(refusal))) | RefundError::Expired(refusal) => {
                let slug = match refusal {
                    NotPermitted::NobodyNamed => "nobody-named",
                    NotPermitted::NotEnough { .. } | NotPermitted::Expired => "not-enough-shown",
                };
                Self::new(slug, StatusCode::CONFLICT, "Not enough was shown", detail)
            }
            RefundError::NotFresh(refusal) => refusal.into(),
            RefundError::Amount(_) => Self::invalid_input(format!("amount: {detail}")),
            RefundError::NotFound => Self::not_found(),
            RefundError::NoTransaction => Self::new("no-transaction", StatusCode::NOT_FOUND, "No such transaction", detail),
            RefundError::SeveralTransactions => {
                Self::new("several-transactions", StatusCode::CONFLICT, "Several transactions", detail)
            }
            RefundError::KeyReused => {
                Self::new("idempotency-key-reused", StatusCode::UNPROCESSABLE_ENTITY, "Key of another request", detail)
            }
            RefundError::NotConnected => Self::new("wallet-not-connected", StatusCode::CONFLICT, "Wallet not connected", detail),
            RefundError::WalletSilent => Self::unavailable(),
            RefundError::Conflict => Self::conflict(),
            RefundError::Unavailable(what) => {
                tracing::warn!(what, "a refund could not be ruled on");
                Self::unavailable()
            }
        }
    }
}

fn refused_refund(refusal: RefundRefusal) -> Problem {
    let detail = refusal.to_string();
    let (slug, title) = match refusal {
        RefundRefusal::NoCertificate => {
            return Problem::new("no-certificate", StatusCode::FORBIDDEN, "No certificate", detail);
        }
        RefundRefusal::OwnRefund | RefundRefusal::UnderMaker | RefundRefusal::OwnProposal | RefundRefusal::UnderProposer => {
            return Problem::new("somebody-else", StatusCode::FORBIDDEN, "Somebody else must decide", detail);
        }
        RefundRefusal::SupervisorNeeded => {
            return Problem::new("supervisor-needed", StatusCode::FORBIDDEN, "A supervisor must decide", detail);
        }
        RefundRefusal::NoAmount | RefundRefusal::BadReason => return Problem::invalid_input(detail),
        RefundRefusal::NoEvidence => ("no-evidence", "The customer's factors are missing"),
        RefundRefusal::TooLittleShown => ("not-enough-shown", "Not enough was shown"),
        RefundRefusal::OtherCustomer => ("other-customer", "Another customer"),
        RefundRefusal::NotInThisState => ("not-in-this-state", "Not as it stands"),
        RefundRefusal::TooLate => ("too-late", "Too late"),
        RefundRefusal::CurrencyNotOffered => ("currency-not-offered", "Currency not offered"),
        RefundRefusal::MoreThanIsLeft => ("more-than-is-left", "More than is left"),
        RefundRefusal::CustomerLimit => ("customer-limit", "The customer's daily limit is reached"),
        RefundRefusal::MakerLimit => ("maker-limit", "Your daily limit is reached"),
        RefundRefusal::AskedFurther => ("asked-further", "The wallet is still being asked"),
        RefundRefusal::AlreadyProposed => ("already-proposed", "Somebody has said what became of it"),
        RefundRefusal::NothingProposed => ("nothing-proposed", "Nothing waits"),
    };
    Problem::new(slug, StatusCode::CONFLICT, title, detail)
}

impl From<NotDecided> for Problem {
    fn from(refusal: NotDecided) -> Self {
        let detail = refusal.to_string();
        match refusal {
            NotDecided::NotInThisState => Self::new("not-in-this-state", StatusCode::CONFLICT, "Not as it stands", detail),
            NotDecided::Own | NotDecided::UnderMaker => {
                Self::new("somebody-else", StatusCode::FORBIDDEN, "Somebody else must decide", detail)
            }
            NotDecided::NoCertificate => Self::new("no-certificate", StatusCode::FORBIDDEN, "No certificate", detail),
        }
    }
}

impl From<ListingRefusal> for Problem {
    fn from(refusal: ListingRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            ListingRefusal::NotYourWork => Self::forbidden(&detail),
            ListingRefusal::OwnProposal => Self::new("own-proposal", StatusCode::FORBIDDEN, "Somebody else must decide", detail),
            ListingRefusal::NotYourProposal => Self::new("not-your-proposal", StatusCode::FORBIDDEN, "Not your proposal", detail),
            ListingRefusal::ProposalWaits => Self::new("proposal-waits", StatusCode::CONFLICT, "A proposal waits", detail),
            ListingRefusal::NothingProposed => Self::new("nothing-proposed", StatusCode::CONFLICT, "Nothing waits", detail),
            ListingRefusal::NotPublished => Self::new("not-published", StatusCode::CONFLICT, "Not published", detail),
            ListingRefusal::Condemned => Self::new("confirmed-fake", StatusCode::CONFLICT, "Confirmed as a fake", detail),
            ListingRefusal::NothingNew
            | ListingRefusal::OtherAddress
            | ListingRefusal::Entry(_)
            | ListingRefusal::NoteTooLong => Self::invalid_input(detail),
        }
    }
}

impl From<SuspectRefusal> for Problem {
    fn from(refusal: SuspectRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            SuspectRefusal::NotYourWork => Self::forbidden(&detail),
            SuspectRefusal::Decided => Self::new("already-decided", StatusCode::CONFLICT, "Already decided", detail),
            SuspectRefusal::Listed => Self::new("listed-as-official", StatusCode::CONFLICT, "Listed as official", detail),
        }
    }
}

impl From<BadAddress> for Problem {
    fn from(bad: BadAddress) -> Self {
        Self::invalid_input(bad.to_string())
    }
}

impl From<CheckError> for Problem {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Nothing => Self::invalid_input(error.to_string()),
            CheckError::Read(error) => error.into(),
            CheckError::Commit(error) => error.into(),
        }
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                let detail = "the body is too large".to_owned();
                Self::new("invalid-input", StatusCode::PAYLOAD_TOO_LARGE, "Body too large", detail)
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                let detail = "send JSON with Content-Type: application/json".to_owned();
                Self::new("invalid-input", StatusCode::UNSUPPORTED_MEDIA_TYPE, "Not JSON", detail)
            }
            // The parser's own words name fields and places, and may repeat a value: only the kind is told.
            _ => Self::invalid_input("the body is not the JSON this address takes: see /api/openapi.json"),
        }
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::not_found()
    }
}

impl From<QueryRejection> for Problem {
    fn from(_: QueryRejection) -> Self {
        Self::invalid_input("the query holds something this address does not take: see /api/openapi.json")
    }
}
