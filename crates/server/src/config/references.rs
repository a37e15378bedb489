//! What one part of the configuration says of another: wallets of lines, flows of lines, queues of flows.

use super::{Config, ConfigError, Transfer, Trunk, names};
use crate::dialling;
use walletline_core::ivr::flow::Node;
use walletline_voice::{DialRefusal, NumberKinds, SipTransport};

impl Config {
    /// Names differ, and what is referred to is there.
    pub(super) fn check_references(&self) -> Result<(), ConfigError> {
        names::unique("wallet", "id", self.wallets.iter().map(|w| w.id.as_str()))?;
        names::unique("line", "number", self.lines.iter().map(|l| l.number.as_str()))?;
        names::unique("queue", "id", self.queues.iter().map(|q| q.id.as_str()))?;
        names::unique("trunk", "id", self.trunks.iter().map(|t| t.settings.id.as_str()))?;
        names::unique("transfer", "id", self.transfers.iter().map(|t| t.id.as_str()))?;
        self.check_trunks()?;
        for (place, transfer) in self.transfers.iter().enumerate() {
            self.check_wallet(&format!("transfer[{place}].wallet"), &transfer.wallet)?;
            self.check_transfer(transfer).map_err(|(key, what)| ConfigError::new(format!("transfer[{place}].{key}"), what))?;
        }
        for (place, line) in self.lines.iter().enumerate() {
            self.check_wallet(&format!("line[{place}].wallet"), &line.wallet)?;
        }
        for (place, queue) in self.queues.iter().enumerate() {
            self.check_wallet(&format!("queue[{place}].wallet"), &queue.wallet)?;
            if queue.id.strip_prefix(&queue.wallet).is_none_or(|rest| !rest.starts_with('-') || rest.len() < 2) {
                let what = format!("`{}` must begin with its wallet and a hyphen: `{}-…`", queue.id, queue.wallet);
                return Err(ConfigError::new(format!("queue[{place}].id"), what));
            }
        }
        Ok(())
    }

    /// What trunks need of the rest: the transports of their targets, and a certificate where theirs is asked for.
    fn check_trunks(&self) -> Result<(), ConfigError> {
        for (place, trunk) in self.trunks.iter().enumerate() {
            let error = |key: &str, what: String| Err(ConfigError::new(format!("trunk[{place}].{key}"), what));
            if !trunk.settings.certificate.is_empty() && self.sip.tls.is_none() {
                return error("certificate", "needs sip.tls: a certificate is shown on SIP over TLS alone".to_owned());
            }
            for target in &trunk.settings.targets {
                let (served, listener) = match target.transport {
                    SipTransport::Udp => (true, "sip.udp"),
                    SipTransport::Tcp => (self.sip.tcp.is_some(), "sip.tcp"),
                    SipTransport::Tls => (self.sip.tls.is_some(), "sip.tls"),
                };
                if !served {
                    return error("targets", format!("`{}` needs {listener}: its answers come there", target.host_port()));
                }
            }
            let login = trunk.settings.login.as_ref();
            let same =
                |other: &Trunk| login.is_some_and(|login| other.settings.login.as_ref().is_some_and(|o| o.user == login.user));
            if self.trunks[..place].iter().any(same) {
                return error("login.user", "is another trunk's too: each must differ".to_owned());
            }
        }
        Ok(())
    }

    /// A number that calls may be handed on to is nobody of ours, and a trunk dials it.
    fn check_transfer(&self, transfer: &Transfer) -> Result<(), (&'static str, String)> {
        let number = &transfer.number;
        if self.lines.iter().any(|line| line.number == *number) {
            return Err(("number", format!("`{number}` is a line of this hotline: agents hand a call on to its queues")));
        }
        let known = |trunk: &&Trunk| transfer.trunk.as_ref().is_none_or(|id| trunk.settings.id == *id);
        let mut trunks = self.trunks.iter().filter(known).peekable();
        if let Some(id) = transfer.trunk.as_ref().filter(|_| trunks.peek().is_none()) {
            return Err(("trunk", format!("there is no [[trunk]] with id `{id}`")));
        }
        let kinds: NumberKinds = Box::new(dialling::kind);
        let mut why = DialRefusal::NoTrunk;
        for trunk in trunks {
            match trunk.settings.may_dial(number, &kinds) {
                Ok(()) => return Ok(()),
                Err(refusal) => why = refusal,
            }
        }
        Err(("number", format!("no trunk may dial `{number}` ({why}): give one `targets`, and the number in its `allow`")))
    }

    fn check_wallet(&self, key: &str, wallet: &str) -> Result<(), ConfigError> {
        if self.wallets.iter().any(|w| w.id == wallet) {
            return Ok(());
        }
        Err(ConfigError::new(key, format!("there is no [[wallet]] with id `{wallet}`")))
    }

    /// Every line's flow can be read, and every queue it leads to is there.
    pub(super) fn check_flows(&self) -> Result<(), ConfigError> {
        for (place, line) in self.lines.iter().enumerate() {
            let key = format!("line[{place}].flow");
            let flow = line.flow.load(&key)?;
            for node in flow.nodes.values() {
                let Node::Queue { queue, .. } = node else { continue };
                let id = format!("{}-{queue}", line.wallet);
                if !self.queues.iter().any(|q| q.id == id) {
                    let what =
                        format!("the flow of line {} leads to the queue `{id}`: add a [[queue]] with that id", line.number);
                    return Err(ConfigError::new("queue", what));
                }
            }
        }
        Ok(())
    }
}
