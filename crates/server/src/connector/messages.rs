//! Messages to customers: what they say, and how they leave. The words are templates per language in `messages/`; a code stands in
//! the message that carries it and nowhere else.

use crate::connector::messages::template::Templates;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use walletline_core::kernel::{language::Language, pii::Pii, time::Wall};
use walletline_core::outbox::{Channel, Message};

mod template;

pub use template::BadTemplates;

/// Messages that the demo's phones keep; the oldest goes first.
const KEPT_MAX: usize = 500;

/// How messages leave.
#[derive(Clone)]
pub struct Messenger {
    templates: Arc<Templates>,
    way: Way,
}

#[derive(Clone)]
enum Way {
    /// To the demo's phones.
    Demo(DemoPhones),
    /// No gateway is configured.
    Nowhere,
}

/// The message did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// No way is configured.
    #[error("no gateway for messages is configured")]
    NoWay,
}

impl Messenger {
    /// A messenger whose messages arrive on the demo's phones, or one without any way out.
    ///
    /// # Errors
    /// When the shipped templates cannot be read.
    pub fn new(demo: Option<DemoPhones>) -> Result<Self, BadTemplates> {
        Ok(Self { templates: Arc::new(Templates::shipped()?), way: demo.map_or(Way::Nowhere, Way::Demo) })
    }

    /// A code can reach a customer.
    #[must_use]
    pub const fn reaches_customers(&self) -> bool {
        matches!(self.way, Way::Demo(_))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// [`NotSent`]: it may be tried again.
    pub fn send(&self, channel: Channel, to: &Pii<String>, message: &Message, language: Language, at: Wall) -> Result<(), NotSent> {
        match &self.way {
            Way::Demo(phones) => {
                phones.receive(Received { channel, to: to.clone(), text: Pii::new(self.templates.text(message, language)), at });
                Ok(())
            }
            Way::Nowhere => Err(NotSent::NoWay),
        }
    }
}

/// What the demo's phones received, newest last.
#[derive(Clone, Default)]
pub struct DemoPhones(Arc<Mutex<VecDeque<Received>>>);

/// A message that arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// How.
    pub channel: Channel,
    /// At which number or address.
    pub to: Pii<String>,
    /// What it says.
    pub text: Pii<String>,
    /// When.
    pub at: Wall,
}

impl DemoPhones {
    fn receive(&self, message: Received) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(message);
    }

    /// What arrived at any of these addresses, newest first.
    #[must_use]
    pub fn received(&self, addresses: &[&str]) -> Vec<Received> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().filter(|message| addresses.contains(&message.to.expose().as_str())).cloned().collect()
    }

    /// Everything is deleted.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
