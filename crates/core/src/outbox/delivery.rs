//! What became of one message: a row that tells neither its words nor its number. States are one table; what it does not list is
//! passed over, because gateways say things twice and in any order.

use super::{Channel, Errand, Job};
use crate::kernel::{
    ids::{ChallengeId, ContactId, ErrandId},
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

/// How long the row is kept: as long as what else is known of a verification (domain: records).
const KEPT: Span = Span::from_s(2 * 365 * 24 * 3_600);

/// Characters of a gateway's own name for a message; a longer one is cut. It is compared whole, so a cut one finds nothing.
pub const REFERENCE_MAX: usize = 128;

/// A message on its way, or at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The errand that carries it; gateways that know a key know it by this one.
    pub id: ErrandId,
    /// The wallet it is for.
    pub wallet: String,
    /// The contact it came from.
    pub contact: Option<ContactId>,
    /// The code it carries, by name.
    pub challenge: Option<ChallengeId>,
    /// By which kind of way.
    pub channel: Channel,
    /// What it says, by name: `code`, `frozen`.
    pub about: String,
    /// How far it is.
    pub state: DeliveryState,
    /// The route it was given to last, by name.
    pub route: Option<String>,
    /// What the gateway calls it.
    pub reference: Option<String>,
    /// Why it did not arrive, by name.
    pub reason: Option<String>,
    /// When it was first taken up.
    pub queued_at: Wall,
    /// When a gateway took it.
    pub sent_at: Option<Wall>,
    /// When it came to its end.
    pub settled_at: Option<Wall>,
    /// When its row must be gone.
    pub kept_until: Wall,
}

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits in the outbox.
    Queued,
    /// It is being given to a gateway; whether that took it is not known yet.
    Sending,
    /// A gateway took it.
    Sent,
    /// The phone has it.
    Delivered,
    /// It will not arrive.
    Failed,
    /// Its time was over before it arrived.
    Expired,
}

/// What is told of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// The gateway took it.
    Taken,
    /// The phone has it.
    Delivered,
    /// It will not arrive.
    Failed,
    /// Its time was over.
    Expired,
}

impl DeliveryState {
    /// The state's name, as it stands in rows and on screens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// Nothing more becomes of it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        match self {
            Self::Queued | Self::Sending | Self::Sent => false,
            Self::Delivered | Self::Failed | Self::Expired => true,
        }
    }

    /// What follows from a report; none when it changes nothing.
    #[must_use]
    pub const fn after(self, report: Report) -> Option<Self> {
        match (self, report) {
            (Self::Queued | Self::Sending, Report::Taken) => Some(Self::Sent),
            // A receipt may be here before the gateway's answer.
            (Self::Sending | Self::Sent, Report::Delivered) => Some(Self::Delivered),
            (Self::Queued | Self::Sending | Self::Sent, Report::Failed) => Some(Self::Failed),
            (Self::Queued | Self::Sending | Self::Sent, Report::Expired) => Some(Self::Expired),
            // Nothing is delivered that no gateway was given, and an end stays the end.
            (Self::Queued, Report::Delivered)
            | (Self::Sent, Report::Taken)
            | (
                Self::Delivered | Self::Failed | Self::Expired,
                Report::Taken | Report::Delivered | Report::Failed | Report::Expired,
            ) => None,
        }
    }
}

impl Delivery {
    /// The row of an errand that carries a message; none for an errand of another kind.
    #[must_use]
    pub fn queued(errand: &Errand, challenge: Option<ChallengeId>, now: Wall) -> Option<Self> {
        let Job::Message { channel, message, .. } = &errand.job else { return None };
        Some(Self {
            id: errand.id,
            wallet: errand.wallet.clone(),
            contact: errand.contact,
            challenge,
            channel: *channel,
            about: message.name().to_owned(),
            state: DeliveryState::Queued,
            route: None,
            reference: None,
            reason: None,
            queued_at: now,
            sent_at: None,
            settled_at: None,
            kept_until: now + KEPT,
        })
    }

    /// The message as it is while a route tries it.
    #[must_use]
    pub fn given_to(mut self, route: &str) -> Self {
        (self.state, self.route) = (DeliveryState::Sending, Some(route.to_owned()));
        self
    }

    /// The message as it is when no route took it and it may still be tried: nobody has it.
    #[must_use]
    pub fn put_back(mut self) -> Self {
        (self.state, self.route) = (DeliveryState::Queued, None);
        self
    }

    /// The message after a report; none when that says nothing new.
    #[must_use]
    pub fn after(mut self, report: Report, reason: Option<&str>, at: Wall) -> Option<Self> {
        self.state = self.state.after(report)?;
        if report == Report::Taken || report == Report::Delivered {
            self.sent_at = self.sent_at.or(Some(at));
        }
        if self.state.is_over() {
            self.settled_at = Some(at);
            self.reason = reason.map(str::to_owned);
        }
        Some(self)
    }

    /// The same message with the name that its gateway gave it.
    #[must_use]
    pub fn called(mut self, reference: Option<&str>) -> Self {
        let cut = |text: &str| text.chars().take(REFERENCE_MAX).collect();
        self.reference = reference.map(cut).or(self.reference);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{language::Language, pii::Pii};
    use crate::outbox::Message;

    fn delivery() -> Delivery {
        let (to, message) = (Pii::new("+8619000000001".to_owned()), Message::Code { code: Pii::new("493817".to_owned()) });
        let job = Job::Message { channel: Channel::Sms, to, message, language: Language::En };
        let errand = Errand::new(1.into(), "w".to_owned(), Some(2.into()), job, Wall(0), Wall(9));
        Delivery::queued(&errand, Some(3.into()), Wall(0)).unwrap()
    }

    #[test]
    fn a_row_holds_neither_number_nor_code() {
        let shown = format!("{:?}", delivery());
        assert!(!shown.contains("493817") && !shown.contains("19000000001"), "{shown}");
    }

    #[test]
    fn a_message_is_sent_then_delivered_and_an_end_stays_the_end() {
        let sent = delivery().given_to("main").after(Report::Taken, None, Wall(5)).unwrap().called(Some("m1"));
        assert_eq!((sent.state, sent.sent_at, sent.reference.as_deref()), (DeliveryState::Sent, Some(Wall(5)), Some("m1")));
        let delivered = sent.after(Report::Delivered, None, Wall(7)).unwrap();
        assert_eq!((delivered.sent_at, delivered.settled_at), (Some(Wall(5)), Some(Wall(7))));
        for report in [Report::Taken, Report::Delivered, Report::Failed, Report::Expired] {
            assert_eq!(delivered.clone().after(report, None, Wall(8)), None);
        }
    }

    #[test]
    fn a_receipt_before_the_answer_counts_and_one_for_what_was_never_given_away_does_not() {
        assert_eq!(delivery().after(Report::Delivered, None, Wall(1)), None);
        let early = delivery().given_to("main").after(Report::Delivered, None, Wall(2)).unwrap();
        assert_eq!((early.state, early.sent_at), (DeliveryState::Delivered, Some(Wall(2))));
    }

    #[test]
    fn what_failed_says_why() {
        let failed = delivery().after(Report::Failed, Some("prefix_not_allowed"), Wall(3)).unwrap();
        assert_eq!((failed.state, failed.reason.as_deref()), (DeliveryState::Failed, Some("prefix_not_allowed")));
        assert_eq!(delivery().given_to("a").put_back(), delivery());
    }
}
