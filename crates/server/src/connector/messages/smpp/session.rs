//! One connection to a message centre from its dialling to its end: bind, a window of unanswered messages, receipts, a sign of life in
//! silence, and a pause when the centre asks for one. Time is counted in ticks of a second. Nothing that is said is logged.

use super::{Order, receipt, text};
use crate::config::SmppGateway;
use crate::connector::messages::receipts::RouteReceipts;
use crate::connector::messages::route::Sent;
use futures_util::{SinkExt as _, StreamExt as _};
use rusmpp::pdus::{BindTransceiver, DeliverSm, DeliverSmResp, SubmitSm};
use rusmpp::tlvs::MessageSubmissionRequestTlvValue;
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::{AnyOctetString, COctetString, OctetString};
use rusmpp::values::{EsmClass, InterfaceVersion, MessagePayload, Npi, RegisteredDelivery, Ton};
use rusmpp::{Command, CommandStatus, Pdu};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_rustls::TlsConnector;
use tokio_util::codec::Framed;
use tokio_util::sync::CancellationToken;

/// How long dialling, TLS and the bind may take, each.
const STEP_MAX: Duration = Duration::from_secs(10);

const TICK: Duration = Duration::from_secs(1);

/// Messages that may be unanswered at once. Centres name a window in their contract; ten is what most allow.
const WINDOW: usize = 10;

/// Ticks until a message counts as unanswered.
const ANSWER_TICKS: u64 = 10;

/// Ticks of silence after which the centre is asked for a sign of life, and those it has to give one.
const SILENCE_TICKS: u64 = 30;
const LIFE_TICKS: u64 = 10;

/// Longest pause when the centre says that it is too much, in ticks. The first is one; each further one doubles.
const PAUSE_TICKS_MAX: u64 = 30;

/// Receipts that are being written down at once; further ones are told to come again.
const RECEIPTS_MAX: usize = 64;

/// Octets that fit beside a message; a longer one goes as a payload.
const SHORT_MAX: usize = 140;

/// Whom we dial, and as whom.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) gateway: SmppGateway,
    pub(super) sender: String,
    pub(super) tls: Option<Arc<ClientConfig>>,
}

/// How a connection ended.
pub(super) enum Ended {
    /// We were told to stop.
    Stopped,
    /// It broke, or never came about. Why, by name.
    Lost(&'static str),
}

/// What a connection is known by while it lives.
#[derive(Default)]
struct Live {
    sequence: u32,
    pending: BTreeMap<u32, (u64, oneshot::Sender<Sent>)>,
    tick: u64,
    heard: u64,
    /// When a sign of life was asked for, until one comes.
    asked: Option<u64>,
    pause: u64,
    quiet_until: u64,
}

impl Live {
    const fn next(&mut self) -> u32 {
        // 1 to 0x7FFFFFFF, round and round (SMPP 3.4, 5.1.4).
        self.sequence = if self.sequence >= 0x7fff_ffff { 1 } else { self.sequence + 1 };
        self.sequence
    }

    fn has_room(&self) -> bool {
        self.pending.len() < WINDOW && self.tick >= self.quiet_until
    }

    /// The centre asks for less: each time in a row twice as long.
    fn hold_back(&mut self) {
        self.pause = (self.pause * 2).clamp(1, PAUSE_TICKS_MAX);
        self.quiet_until = self.tick + self.pause;
    }
}

impl Drop for Live {
    /// Whatever was given and not answered may have been taken.
    fn drop(&mut self) {
        for (_, reply) in std::mem::take(&mut self.pending).into_values() {
            let _nobody_waits = reply.send(Sent::Unknown("connection_lost".to_owned()));
        }
    }
}

impl Session {
    pub(super) async fn run(
        &self,
        orders: &mut mpsc::Receiver<Order>,
        receipts: RouteReceipts,
        bound: impl FnOnce(),
        stop: &CancellationToken,
    ) -> Ended {
        let dialling = async {
            let Ok(Ok(stream)) = timeout(STEP_MAX, TcpStream::connect(&self.gateway.address)).await else {
                return Err("unreachable");
            };
            let _small_packets_wait_a_little = stream.set_nodelay(true);
            Ok(stream)
        };
        let stream = tokio::select! {
            stream = dialling => stream,
            () = stop.cancelled() => return Ended::Stopped,
        };
        match (stream, &self.tls) {
            (Err(why), _) => Ended::Lost(why),
            (Ok(stream), None) => self.speak(stream, orders, receipts, bound, stop).await,
            (Ok(stream), Some(tls)) => {
                let host = self.gateway.address.rsplit_once(':').map_or("", |(host, _)| host).trim_matches(['[', ']']);
                let Ok(name) = ServerName::try_from(host.to_owned()) else { return Ended::Lost("no_name") };
                match timeout(STEP_MAX, TlsConnector::from(Arc::clone(tls)).connect(name, stream)).await {
                    Ok(Ok(stream)) => self.speak(stream, orders, receipts, bound, stop).await,
                    Ok(Err(_)) | Err(_) => Ended::Lost("tls"),
                }
            }
        }
    }

    async fn speak<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        orders: &mut mpsc::Receiver<Order>,
        receipts: RouteReceipts,
        bound: impl FnOnce(),
        stop: &CancellationToken,
    ) -> Ended {
        let mut line = Framed::new(stream, CommandCodec::new());
        let mut live = Live::default();
        match timeout(STEP_MAX, self.bind(&mut line, live.next())).await {
            Ok(Ok(())) => bound(),
            Ok(Err(why)) => return Ended::Lost(why),
            Err(_) => return Ended::Lost("no_answer_to_bind"),
        }
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut taken: JoinSet<(u32, CommandStatus)> = JoinSet::new();
        loop {
            let said = tokio::select! {
                command = line.next() => match command {
                    Some(Ok(command)) => hear(&mut live, &command, &receipts, &mut taken),
                    Some(Err(_)) => return Ended::Lost("not_understood"),
                    None => return Ended::Lost("closed"),
                },
                Some(order) = orders.recv(), if live.has_room() => Ok(self.submit(&mut live, order)),
                Some(written) = taken.join_next() => Ok(written.ok().map(|(sequence, status)| {
                    Command::new(status, sequence, Pdu::DeliverSmResp(DeliverSmResp::default()))
                })),
                _ = ticks.tick() => tick(&mut live),
                () = stop.cancelled() => {
                    let sequence = live.next();
                    let _closing_anyway = timeout(TICK, line.send(command(sequence, Pdu::Unbind))).await;
                    return Ended::Stopped;
                }
            };
            let sent = match said {
                Ok(Some(command)) => timeout(STEP_MAX, line.send(command)).await,
                Ok(None) => continue,
                Err(why) => return Ended::Lost(why),
            };
            if !matches!(sent, Ok(Ok(()))) {
                return Ended::Lost("closed");
            }
        }
    }

    async fn bind<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        line: &mut Framed<S, CommandCodec>,
        sequence: u32,
    ) -> Result<(), &'static str> {
        let SmppGateway { system_id, password, system_type, .. } = &self.gateway;
        let bind = BindTransceiver::builder()
            .system_id(COctetString::from_str(system_id).map_err(|_| "system_id")?)
            .password(COctetString::from_str(password.expose()).map_err(|_| "password")?)
            .system_type(COctetString::from_str(system_type).map_err(|_| "system_type")?)
            .interface_version(InterfaceVersion::Smpp3_4)
            .addr_ton(Ton::Unknown)
            .addr_npi(Npi::Unknown)
            .build();
        line.send(command(sequence, Pdu::BindTransceiver(bind))).await.map_err(|_| "closed")?;
        while let Some(Ok(answer)) = line.next().await {
            if answer.sequence_number() == sequence {
                return if answer.status() == CommandStatus::EsmeRok { Ok(()) } else { Err("refused") };
            }
        }
        Err("closed")
    }

    /// A message as a command; none when it cannot be one, which its sender is told.
    fn submit(&self, live: &mut Live, order: Order) -> Option<Command> {
        let Some(message) = self.message(&order) else {
            let _nobody_waits = order.reply.send(Sent::Refused("not_a_number".to_owned()));
            return None;
        };
        let sequence = live.next();
        live.pending.insert(sequence, (live.tick, order.reply));
        Some(command(sequence, Pdu::SubmitSm(message)))
    }

    fn message(&self, order: &Order) -> Option<SubmitSm> {
        let (coding, octets) = text::encode(order.text.expose());
        let (source_ton, source_npi, source) = address(&self.sender);
        let to = order.to.expose().trim_start_matches('+');
        let builder = SubmitSm::builder()
            .source_addr_ton(source_ton)
            .source_addr_npi(source_npi)
            .source_addr(COctetString::from_str(source).ok()?)
            .dest_addr_ton(Ton::International)
            .dest_addr_npi(Npi::Isdn)
            .destination_addr(COctetString::from_str(to).ok()?)
            // The crate's own default sets a bit that makes it an acknowledgement.
            .esm_class(EsmClass::from(0))
            // A receipt for either end, and nothing between.
            .registered_delivery(RegisteredDelivery::from(1))
            .data_coding(coding);
        if octets.len() <= SHORT_MAX {
            return Some(builder.short_message(OctetString::from_vec(octets).ok()?).build());
        }
        let payload = MessagePayload::new(AnyOctetString::from_vec(octets));
        Some(builder.push_tlv(MessageSubmissionRequestTlvValue::MessagePayload(payload)).build())
    }
}

/// The kind of a sender's address: a number, a short code, or letters.
fn address(sender: &str) -> (Ton, Npi, &str) {
    match sender.strip_prefix('+') {
        Some(digits) => (Ton::International, Npi::Isdn, digits),
        None if sender.bytes().all(|byte| byte.is_ascii_digit()) => (Ton::Unknown, Npi::Isdn, sender),
        None => (Ton::Alphanumeric, Npi::Unknown, sender),
    }
}

fn command(sequence: u32, pdu: Pdu) -> Command {
    Command::new(CommandStatus::EsmeRok, sequence, pdu)
}

/// What the centre says, and what is said back.
fn hear(
    live: &mut Live,
    heard: &Command,
    receipts: &RouteReceipts,
    taken: &mut JoinSet<(u32, CommandStatus)>,
) -> Result<Option<Command>, &'static str> {
    (live.heard, live.asked) = (live.tick, None);
    let sequence = heard.sequence_number();
    let answer = match heard.pdu() {
        Some(Pdu::EnquireLink) => Some(command(sequence, Pdu::EnquireLinkResp)),
        Some(Pdu::DeliverSm(pdu)) => delivered(sequence, pdu, receipts, taken),
        Some(Pdu::Unbind) => return Err("unbound"),
        Some(Pdu::SubmitSmResp(answer)) => {
            let name = answer.message_id().as_str().to_owned();
            answered(live, sequence, heard.status(), Some(name));
            None
        }
        // A refusal may come without a body, and as a general one.
        _ => {
            answered(live, sequence, heard.status(), None);
            None
        }
    };
    Ok(answer)
}

/// A receipt is acknowledged once it is written down; what a customer writes to us is acknowledged and dropped, for nobody reads it.
fn delivered(
    sequence: u32,
    pdu: &DeliverSm,
    receipts: &RouteReceipts,
    taken: &mut JoinSet<(u32, CommandStatus)>,
) -> Option<Command> {
    let answer = |status| Some(Command::new(status, sequence, Pdu::DeliverSmResp(DeliverSmResp::default())));
    let Some(receipt) = receipt::read(pdu) else { return answer(CommandStatus::EsmeRok) };
    if taken.len() >= RECEIPTS_MAX {
        return answer(CommandStatus::EsmeRmsgqful);
    }
    let receipts = receipts.clone();
    taken.spawn(async move {
        let kept = receipts.take(receipt).await;
        (sequence, if kept { CommandStatus::EsmeRok } else { CommandStatus::EsmeRsyserr })
    });
    None
}

/// What an answer to a message means.
fn answered(live: &mut Live, sequence: u32, status: CommandStatus, name: Option<String>) {
    let Some((_, reply)) = live.pending.remove(&sequence) else { return };
    let why = || format!("smpp_0x{:08x}", u32::from(status));
    let sent = match status {
        CommandStatus::EsmeRok => {
            live.pause = 0;
            Sent::Taken { reference: name.filter(|name| !name.is_empty()), arrived: false }
        }
        CommandStatus::EsmeRthrottled | CommandStatus::EsmeRmsgqful => {
            live.hold_back();
            Sent::Busy(why())
        }
        CommandStatus::EsmeRsyserr | CommandStatus::EsmeRsubmitfail | CommandStatus::EsmeRxTAppn => Sent::Busy(why()),
        // Another company's list, and longer than ours: whatever else it is will not be otherwise the next time.
        _ => Sent::Refused(why()),
    };
    let _nobody_waits = reply.send(sent);
}

/// A second went by.
fn tick(live: &mut Live) -> Result<Option<Command>, &'static str> {
    live.tick += 1;
    let now = live.tick;
    let late: Vec<u32> =
        live.pending.iter().filter(|(_, (at, _))| now - at > ANSWER_TICKS).map(|(sequence, _)| *sequence).collect();
    for sequence in late {
        if let Some((_, reply)) = live.pending.remove(&sequence) {
            let _nobody_waits = reply.send(Sent::Unknown("no_answer".to_owned()));
        }
    }
    match live.asked {
        Some(asked) if now - asked > LIFE_TICKS => Err("no_sign_of_life"),
        None if now - live.heard > SILENCE_TICKS => {
            live.asked = Some(now);
            Ok(Some(command(live.next(), Pdu::EnquireLink)))
        }
        Some(_) | None => Ok(None),
    }
}
