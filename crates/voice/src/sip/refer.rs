//! Transfers that a phone asks for: REFER (RFC 3515) with its progress as NOTIFYs, and calls that take another's place (RFC 3891).
//! Whether a transfer happens is the controller's; here it is only asked, answered and reported. No call is made to any address that a
//! stranger wrote: what leaves is the user part, for the controller to judge.

use super::dialog::{cseq, field, values};
use super::fields::{BadReferTo, ReferTo, Replaces};
use super::in_dialog::reply;
use super::leg::{Leg, Phase, answer_to, send};
use super::peer::Peer;
use super::plane::Shared;
use super::stack::header;
use super::timers::Timer;
use crate::{Event, LegId};
use rsipstack::sip::{Method, Request, StatusCode};
use rsipstack::transaction::transaction::Transaction;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::Instant;

/// How long a REFER may wait for the controller, in multiples of T1: well within the 64 after which its sender gives up.
const ANSWER_T1: u32 = 20;

/// How long a phone may wait for the end of its transfer, as it is told. The leg's end ends it as well.
const SUBSCRIPTION_S: u32 = 180;

/// Transfers that a phone may ask for in one call within [`ASKED_WITHIN`]: somebody tries one colleague after the other, and no more.
const ASKED_MAX: u32 = 10;

/// The time for which [`ASKED_MAX`] are counted.
const ASKED_WITHIN: Duration = Duration::from_secs(60);

/// What a phone that asks too often is told to wait, in seconds.
const RETRY_AFTER_S: &str = "60";

/// The transfer that a leg's phone asks for: one at a time.
#[derive(Default)]
pub(super) struct Transfer {
    /// How many there were.
    count: u32,
    /// The CSeq of the last one, by which its reports are told from another's.
    id: u32,
    asked: Option<Asked>,
    /// Since when they are counted, and how many there were.
    recent: Option<(Instant, u32)>,
    /// The far end is told how it goes.
    reported: bool,
}

impl Transfer {
    /// The phone waits for an answer, or for a report.
    pub(super) const fn is_open(&self) -> bool {
        self.asked.is_some() || self.reported
    }

    /// Counts one more; false when there are too many.
    fn may_ask(&mut self, now: Instant) -> bool {
        let (since, count) = self.recent.filter(|(since, _)| now - *since < ASKED_WITHIN).unwrap_or((now, 0));
        self.recent = Some((since, count.saturating_add(1)));
        count < ASKED_MAX
    }
}

struct Asked {
    transaction: Box<Transaction>,
    /// It wants no reports (RFC 4488).
    unreported: bool,
}

impl Leg {
    /// REFER: the controller is asked. Where that is not possible it is refused at once, by a status that leaves the call as it is.
    pub(super) async fn refer(&mut self, mut transaction: Transaction) {
        let asked = match self.read_refer(&transaction.original) {
            Ok(asked) => asked,
            Err(status) => {
                let fields = if status == 500 { vec![header("Retry-After", RETRY_AFTER_S)] } else { Vec::new() };
                return reply(&mut transaction, status, fields).await;
            }
        };
        let unreported = field(&transaction.original.headers, "Refer-Sub")
            .is_some_and(|wanted| wanted.split(';').next().is_some_and(|wanted| wanted.trim().eq_ignore_ascii_case("false")));
        (self.transfer.count, self.transfer.id) = (self.transfer.count + 1, cseq(&transaction.original).unwrap_or_default());
        self.transfer.asked = Some(Asked { transaction: Box::new(transaction), unreported });
        self.timers.set(Timer::Refer, Instant::now() + self.shared.stack.t1 * ANSWER_T1);
        let (to, replaces) = asked;
        self.shared.post(Event::ReferRequested { leg: self.id, to, replaces }).await;
    }

    fn read_refer(&mut self, request: &Request) -> Result<(String, Option<LegId>), u16> {
        if !matches!(self.phase, Phase::Confirmed { .. }) {
            return Err(603);
        }
        if self.transfer.asked.is_some() || self.transfer.reported {
            return Err(491);
        }
        let mut fields = values(&request.headers, "Refer-To");
        let (Some(value), None) = (fields.next(), fields.next()) else { return Err(400) };
        let refer = ReferTo::parse(value).map_err(|bad| match bad {
            BadReferTo::Malformed => 400_u16,
            BadReferTo::Scheme => 416,
            BadReferTo::Method => 603,
        })?;
        let other = refer.replaces.map(|replaces| self.other_call(&replaces)).transpose()?;
        if self.transfer.may_ask(Instant::now()) { Ok((refer.user, other)) } else { Err(500) }
    }

    fn other_call(&self, replaces: &Replaces) -> Result<LegId, u16> {
        // A call elsewhere cannot be taken over for a phone, nor one that is not this phone's own.
        let other = self.shared.replaced(replaces).filter(|other| other.leg != self.id);
        let other = other.filter(|other| other.stage != Stage::Over && Some(other.host) == self.host()).ok_or(603_u16)?;
        Ok(other.leg)
    }

    fn host(&self) -> Option<IpAddr> {
        self.dialog.as_ref().map(|dialog| dialog.peer.address.ip().to_canonical())
    }

    /// The controller has decided on the REFER: below 300 it is accepted, anything else refuses it.
    pub(super) async fn answer_refer(&mut self, status: u16) {
        let Some(Asked { mut transaction, unreported }) = self.transfer.asked.take() else { return };
        self.timers.clear(Timer::Refer);
        if status >= 300 {
            return reply(&mut transaction, status.min(699), Vec::new()).await;
        }
        if unreported {
            return reply(&mut transaction, 200, vec![header("Refer-Sub", "false")]).await;
        }
        let contact = self.contact("");
        reply(&mut transaction, 202, vec![contact]).await;
        self.transfer.reported = true;
        self.notify(100).await;
    }

    /// The controller did not decide in time.
    pub(super) async fn refuse_refer(&mut self) {
        tracing::warn!(leg = %self.id, "nobody decided on a transfer");
        self.answer_refer(603).await;
    }

    /// Tells the phone how its transfer goes. A final status is the last report.
    pub(super) async fn report_refer(&mut self, status: u16) {
        if self.transfer.reported && (100..700).contains(&status) {
            self.transfer.reported = status < 200;
            self.notify(status).await;
        }
    }

    async fn notify(&mut self, status: u16) {
        let contact = self.contact("");
        // The first transfer of a dialog may go without a number (RFC 3515 section 2.4.6), and some phones know none.
        let event = if self.transfer.count > 1 { format!("refer;id={}", self.transfer.id) } else { "refer".to_owned() };
        let state =
            if status < 200 { format!("active;expires={SUBSCRIPTION_S}") } else { "terminated;reason=noresource".to_owned() };
        let Some(dialog) = &mut self.dialog else { return };
        let mut notify = dialog.request(&self.shared.stack, Method::Notify);
        notify.headers.extend(vec![
            contact,
            header("Event", event),
            header("Subscription-State", state),
            header("Content-Type", "message/sipfrag;version=2.0"),
        ]);
        notify.body = format!("SIP/2.0 {}\r\n", StatusCode::from(status)).into_bytes();
        let to = dialog.hop(&self.shared.stack);
        let Some(mut client) = self.shared.stack.client(notify, &to) else { return };
        if send(&mut client).await {
            self.shared.tasks.spawn(async move {
                let _ = answer_to(client).await;
            });
        }
    }
}

/// How far a dialog has come, for those who want its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not answered; `ours`: we dial.
    Early {
        ours: bool,
    },
    Confirmed,
    /// Something is still owed, and nothing can be taken over.
    Over,
}

/// A dialog of ours that a Replaces names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) leg: LegId,
    pub(super) stage: Stage,
    /// Where its far end is.
    pub(super) host: IpAddr,
}

/// Whose place a new call takes: the leg, or the status that refuses it (RFC 3891 section 3). Only a host that has a phone registered,
/// or is the far end of that very call, may ask for it.
pub(super) fn replaced_by(shared: &Shared, invite: &Request, source: Peer) -> Result<Option<LegId>, u16> {
    let mut fields = values(&invite.headers, "Replaces");
    let Some(value) = fields.next() else { return Ok(None) };
    if fields.next().is_some() {
        return Err(400);
    }
    let replaces = Replaces::parse(value).ok_or(400_u16)?;
    let other = shared.replaced(&replaces).ok_or(481_u16)?;
    let host = source.address.ip().to_canonical();
    if host != other.host && !shared.has_phone_at(host) {
        return Err(403);
    }
    match other.stage {
        Stage::Over => Err(603),
        Stage::Early { ours: false } => Err(481),
        Stage::Confirmed if replaces.early_only => Err(486),
        Stage::Early { ours: true } | Stage::Confirmed => Ok(Some(other.leg)),
    }
}
