//! Browser legs between the decision to connect them and the end of the call: who waits for which SDP answer.

use super::inbox::{CallEnd, DialRefused, DialedCall, SdpRefused};
use std::collections::HashMap;
use tokio::sync::oneshot;
use walletline_core::kernel::ids::{LegId, StaffId};

/// All browser legs of the moment.
#[derive(Default)]
pub(super) struct Browsers {
    callers: HashMap<LegId, Caller>,
    expected: HashMap<LegId, StaffId>,
    /// Legs that desks have connected.
    desks: HashMap<LegId, StaffId>,
    /// Who waits for the answer to an offer: a desk's first one, or a later one of any browser.
    waiting: HashMap<LegId, oneshot::Sender<Result<String, SdpRefused>>>,
}

/// A browser that dialled in.
struct Caller {
    /// Until the switchboard answers the call.
    offer: Option<String>,
    /// Until the browser knows how it went.
    reply: Option<oneshot::Sender<Result<DialedCall, DialRefused>>>,
    /// Handed over with the answer.
    ended: Option<oneshot::Receiver<CallEnd>>,
    end: oneshot::Sender<CallEnd>,
    /// The customer pressed the red button or closed the page.
    hung_up: bool,
}

impl Browsers {
    /// A browser dials in and waits for the switchboard's decision.
    pub(super) fn dials(&mut self, leg: LegId, offer: String, reply: oneshot::Sender<Result<DialedCall, DialRefused>>) {
        let (end, ended) = oneshot::channel();
        self.callers.insert(leg, Caller { offer: Some(offer), reply: Some(reply), ended: Some(ended), end, hung_up: false });
    }

    /// The offer of a browser caller that is to be answered now; none when the leg is no browser's.
    pub(super) fn take_offer(&mut self, leg: LegId) -> Option<String> {
        self.callers.get_mut(&leg)?.offer.take()
    }

    /// Tells a browser caller that the call is refused; false when the leg is no browser's.
    pub(super) fn refuse(&mut self, leg: LegId, why: DialRefused) -> bool {
        let Some(caller) = self.callers.remove(&leg) else { return false };
        if let Some(reply) = caller.reply {
            let _browser_left = reply.send(Err(why));
        }
        true
    }

    /// A browser caller hangs up. A browser has no BYE: the leg is ended by us, but on the customer's behalf.
    pub(super) fn hangs_up(&mut self, leg: LegId) {
        if let Some(caller) = self.callers.get_mut(&leg) {
            caller.hung_up = true;
        }
    }

    /// Whether the customer ended this leg.
    pub(super) fn has_hung_up(&self, leg: LegId) -> bool {
        self.callers.get(&leg).is_some_and(|caller| caller.hung_up)
    }

    /// An accepted offer's desk is expected to connect this leg.
    pub(super) fn expect_desk(&mut self, leg: LegId, agent: StaffId) {
        self.expected.insert(leg, agent);
    }

    /// A browser caller offers anew over another network. False when there is no such call: the sender is told.
    pub(super) fn caller_restarts(&mut self, leg: LegId, reply: oneshot::Sender<Result<String, SdpRefused>>) -> bool {
        if self.callers.get(&leg).is_none_or(|caller| caller.reply.is_some()) {
            let _browser_left = reply.send(Err(SdpRefused::NotExpected));
            return false;
        }
        self.waiting.insert(leg, reply);
        true
    }

    /// A desk sends its SDP, the first or a later one. False when this leg is not this agent's: the sender is told.
    pub(super) fn desk_connects(
        &mut self,
        leg: LegId,
        agent: StaffId,
        reply: oneshot::Sender<Result<String, SdpRefused>>,
    ) -> bool {
        if self.expected.get(&leg).or(self.desks.get(&leg)) != Some(&agent) {
            let _desk_left = reply.send(Err(SdpRefused::NotExpected));
            return false;
        }
        self.expected.remove(&leg);
        self.desks.insert(leg, agent);
        self.waiting.insert(leg, reply);
        true
    }

    /// The voice engine answered a browser's SDP.
    pub(super) fn answered(&mut self, leg: LegId, answer: String) {
        if let Some(browser) = self.waiting.remove(&leg) {
            let _browser_left = browser.send(Ok(answer));
        } else if let Some(caller) = self.callers.get_mut(&leg)
            && let (Some(reply), Some(ended)) = (caller.reply.take(), caller.ended.take())
        {
            let _browser_left = reply.send(Ok(DialedCall { leg, answer, ended }));
        }
    }

    /// A leg is gone: whoever still waits for it is told.
    pub(super) fn ended(&mut self, leg: LegId, end: CallEnd) {
        self.expected.remove(&leg);
        self.desks.remove(&leg);
        if let Some(browser) = self.waiting.remove(&leg) {
            let _browser_left = browser.send(Err(SdpRefused::Unusable("the media could not be set up".to_owned())));
        }
        if let Some(caller) = self.callers.remove(&leg) {
            if let Some(reply) = caller.reply {
                let _browser_left = reply.send(Err(DialRefused::Failed("the media could not be set up".to_owned())));
            }
            let _browser_left = caller.end.send(end);
        }
    }
}
