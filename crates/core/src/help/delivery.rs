//! What became of a message, as commits: its row, its audit entry, and a line in the record of the contact it came from. Written by
//! whoever learns of it, be the call over or not.

use crate::call::{AddedLine, Fact};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{actor::Actor, time::Wall};
use crate::outbox::{Delivery, DeliveryState, Report};

/// Writes down that a message is being given to a route: from here on that route alone may be asked for it again.
#[must_use]
pub fn delivery_begun(version: Version, delivery: Delivery, route: &str, now: Wall) -> (Delivery, Commit) {
    let given = delivery.given_to(route);
    (given.clone(), written(version, given, now))
}

/// Writes down that no route took a message, and that it waits.
#[must_use]
pub fn delivery_put_back(version: Version, delivery: Delivery, now: Wall) -> Commit {
    written(version, delivery.put_back(), now)
}

/// Writes down what is told of a message; none when it is nothing new.
#[must_use]
pub fn delivery_reported(
    version: Version,
    delivery: Delivery,
    report: Report,
    reason: Option<&str>,
    now: Wall,
) -> Option<(Delivery, Commit)> {
    let changed = delivery.after(report, reason, now)?;
    Some((changed.clone(), written(version, changed, now)))
}

/// Writes down what the gateway calls a message whose end was known before its answer came.
#[must_use]
pub fn delivery_named(version: Version, delivery: Delivery, reference: Option<&str>, now: Wall) -> Commit {
    let named = delivery.called(reference);
    Commit::new(entry(&named, "delivery.named", now), vec![Change::Delivery(version, Box::new(named))])
}

fn entry(delivery: &Delivery, action: &str, now: Wall) -> Entry {
    let about = delivery.contact.map_or_else(|| delivery.id.to_string(), |contact| contact.to_string());
    Entry::new(now, Actor::System, action, about)
}

fn written(version: Version, delivery: Delivery, now: Wall) -> Commit {
    let entry = entry(&delivery, &format!("delivery.{}", delivery.state.name()), now);
    let line = line(&delivery, now);
    let mut changes = vec![Change::Delivery(version, Box::new(delivery))];
    changes.extend(line);
    Commit::new(entry, changes)
}

/// The line in the record of the contact; none before a gateway took the message.
fn line(delivery: &Delivery, at: Wall) -> Option<Change> {
    match delivery.state {
        DeliveryState::Queued | DeliveryState::Sending => return None,
        DeliveryState::Sent | DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Expired => {}
    }
    let fact = Fact::Message {
        channel: delivery.channel.name().to_owned(),
        about: delivery.about.clone(),
        state: delivery.state.name().to_owned(),
        reason: delivery.reason.clone(),
    };
    let name = format!("{}.{}", delivery.id, delivery.state.name());
    delivery.contact.map(|contact| Change::Added(contact, AddedLine { name, at, fact }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{language::Language, pii::Pii};
    use crate::outbox::{Channel, Errand, Job, Message};

    fn delivery() -> Delivery {
        let (to, message) = (Pii::new("+8619000000001".to_owned()), Message::Code { code: Pii::new("493817".to_owned()) });
        let job = Job::Message { channel: Channel::Sms, to, message, language: Language::En };
        let errand = Errand::new(1.into(), "w".to_owned(), Some(2.into()), job, Wall(0), Wall(9));
        Delivery::queued(&errand, Some(3.into()), Wall(0)).unwrap()
    }

    #[test]
    fn every_step_is_audited_and_the_record_tells_of_those_a_person_asks_about() {
        let (given, begun) = delivery_begun(0, delivery(), "main", Wall(1));
        assert_eq!((begun.entries()[0].action.as_str(), begun.changes().len()), ("delivery.sending", 1));
        let (sent, taken) = delivery_reported(1, given, Report::Taken, None, Wall(2)).unwrap();
        assert_eq!(taken.entries()[0].action, "delivery.sent");
        let [Change::Delivery(1, _), Change::Added(contact, line)] = taken.changes() else { panic!("{taken:?}") };
        assert_eq!((*contact, line.fact.text().as_str()), (2.into(), "Message (sms, code): sent"));
        assert!(delivery_reported(2, sent.clone(), Report::Taken, None, Wall(3)).is_none());
        let (_, failed) = delivery_reported(2, sent, Report::Failed, Some("absent"), Wall(3)).unwrap();
        let Change::Added(_, line) = &failed.changes()[1] else { panic!("{failed:?}") };
        assert_eq!(line.fact.text(), "Message (sms, code): failed, absent");
    }
}
