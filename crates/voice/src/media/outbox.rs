//! Events on their way to the controller. The packet path must not wait for a slow controller, and the controller must not
//! miss an event because it was slow: what does not fit now is kept, in order, and handed over by the leg's task.

use crate::Event;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc::{Permit, Sender, error::TrySendError};

/// Events one leg may have waiting. A caller who keys faster than this queue drains is not keying by hand.
const WAITING_MAX: usize = 256;

/// One leg's events.
#[derive(Debug)]
pub(super) struct Outbox {
    events: Sender<Event>,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    queue: VecDeque<Event>,
    closed: bool,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Posted {
    Sent,
    /// Waits for room: the leg's task has to hand it over.
    Waits,
    /// The leg's queue is full, or nobody listens any more.
    Dropped,
    /// The leg is closed: its end has been told.
    TooLate,
}

impl Outbox {
    pub(super) fn new(events: Sender<Event>) -> Self {
        Self { events, waiting: Mutex::default() }
    }

    pub(super) fn post(&self, event: Event) -> Posted {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.closed {
            return Posted::TooLate;
        }
        if waiting.queue.len() >= WAITING_MAX {
            return Posted::Dropped;
        }
        let event = if waiting.queue.is_empty() {
            match self.events.try_send(event) {
                Ok(()) => return Posted::Sent,
                Err(TrySendError::Closed(_)) => return Posted::Dropped,
                Err(TrySendError::Full(event)) => event,
            }
        } else {
            event
        };
        waiting.queue.push_back(event);
        Posted::Waits
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.lock().unwrap_or_else(PoisonError::into_inner).queue.is_empty()
    }

    /// Waits for room in the controller's queue. `None`: nobody listens any more.
    pub(super) async fn room(&self) -> Option<Permit<'_, Event>> {
        self.events.reserve().await.ok()
    }

    /// Hands over the oldest waiting event.
    pub(super) fn hand_over(&self, permit: Option<Permit<'_, Event>>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match permit {
            Some(permit) => {
                if let Some(event) = waiting.queue.pop_front() {
                    permit.send(event);
                }
            }
            None => waiting.queue.clear(),
        }
    }

    /// Hands over what fits and takes no more: the leg's end is told by whoever closes it, and must be its last event. Returns
    /// how many events were lost.
    pub(super) fn close(&self) -> usize {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.closed = true;
        while let Some(event) = waiting.queue.pop_front() {
            if self.events.try_send(event).is_err() {
                return std::mem::take(&mut waiting.queue).len() + 1;
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LegId;

    fn digit(digit: char) -> Event {
        Event::Digit { leg: LegId(1), digit }
    }

    #[tokio::test]
    async fn a_slow_controller_gets_every_event_in_order() {
        let (events, mut received) = tokio::sync::mpsc::channel(1);
        let outbox = Outbox::new(events);
        assert_eq!(outbox.post(digit('1')), Posted::Sent);
        assert_eq!(outbox.post(digit('2')), Posted::Waits);
        assert_eq!(received.recv().await, Some(digit('1')));
        assert_eq!(outbox.post(digit('3')), Posted::Waits, "the third must not overtake the second");
        for key in ['2', '3'] {
            assert!(outbox.is_waiting());
            outbox.hand_over(outbox.room().await);
            assert_eq!(received.recv().await, Some(digit(key)));
        }
        assert!(!outbox.is_waiting());
    }

    #[test]
    fn a_flood_is_cut_and_nothing_follows_the_end() {
        let (events, mut received) = tokio::sync::mpsc::channel(1);
        let outbox = Outbox::new(events);
        let dropped = (0..1000).filter(|_| outbox.post(digit('1')) == Posted::Dropped).count();
        assert_eq!(dropped, 1000 - WAITING_MAX - 1);
        assert_eq!(outbox.close(), WAITING_MAX);
        assert_eq!(outbox.post(digit('2')), Posted::TooLate);
        assert_eq!(received.try_recv(), Ok(digit('1')));
        assert!(received.try_recv().is_err());
    }
}
