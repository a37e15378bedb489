//! A message centre of the tests' own on a socket: what it is asked, and what its moods lead to.

use super::*;
use crate::connector::messages::receipts::{About, Receipt, Told};
use futures_util::{SinkExt as _, StreamExt as _};
use rusmpp::pdus::{BindTransceiverResp, DeliverSm, SubmitSm, SubmitSmResp};
use rusmpp::tlvs::TlvValue;
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{DataCoding, EsmClass};
use rusmpp::{Command, CommandStatus, Pdu};
use std::str::FromStr as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::codec::Framed;
use walletline_core::kernel::{language::Language, time::Wall};
use walletline_core::outbox::{Channel, Report};

/// Far above what anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

type Line = Framed<TcpStream, CommandCodec>;

struct Rig {
    route: SmppRoute,
    told: mpsc::Receiver<Told>,
    centre: TcpListener,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

async fn patient<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("it comes in time")
}

impl Rig {
    async fn new() -> Self {
        let centre = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = SmppGateway {
            address: centre.local_addr().unwrap().to_string(),
            tls: None,
            system_id: "walletline".to_owned(),
            password: Pii::new("secret".to_owned()),
            system_type: String::new(),
        };
        let route = SmppRoute::new("harbor", "main", gateway, "Harbor".to_owned()).unwrap();
        let (tell, told) = mpsc::channel(8);
        let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
        tasks.spawn(route.link().unwrap().run(Receipts(tell), stop.clone()));
        Self { route, told, centre, stop, tasks }
    }

    /// The next connection, bound.
    async fn bound(&self) -> Line {
        let (stream, _) = patient(self.centre.accept()).await.unwrap();
        let mut line = Framed::new(stream, CommandCodec::new());
        let bind = heard(&mut line).await;
        let Some(Pdu::BindTransceiver(asked)) = bind.pdu() else { panic!("{bind:?}") };
        assert_eq!((asked.system_id.as_str(), asked.password.as_str()), ("walletline", "secret"));
        assert_eq!(u8::from(asked.interface_version), 0x34);
        let answer = Pdu::BindTransceiverResp(BindTransceiverResp::default());
        line.send(Command::new(CommandStatus::EsmeRok, bind.sequence_number(), answer)).await.unwrap();
        patient(async {
            while !self.route.up.load(Ordering::Acquire) {
                tokio::task::yield_now().await;
            }
        })
        .await;
        line
    }

    async fn give(&self, text: &str) -> Sent {
        let to = Pii::new("+447700900003".to_owned());
        let parcel = Parcel {
            key: 1.into(),
            channel: Channel::Sms,
            to: &to,
            text: Pii::new(text.to_owned()),
            letter: None,
            language: Language::En,
            at: Wall(0),
        };
        patient(self.route.give(&parcel)).await
    }
}

async fn heard(line: &mut Line) -> Command {
    patient(line.next()).await.expect("the line is open").unwrap()
}

/// The next message, with its number.
async fn message(line: &mut Line) -> (u32, SubmitSm) {
    let command = heard(line).await;
    let Some(Pdu::SubmitSm(message)) = command.pdu() else { panic!("{command:?}") };
    (command.sequence_number(), message.clone())
}

fn answer(status: CommandStatus, sequence: u32, name: &str) -> Command {
    let name = COctetString::from_str(name).unwrap();
    Command::new(status, sequence, Pdu::SubmitSmResp(SubmitSmResp::new(name, Vec::new())))
}

#[tokio::test]
async fn a_message_is_sent_and_its_receipt_acknowledged_once_it_is_kept() {
    let mut rig = Rig::new().await;
    let mut line = rig.bound().await;
    let centre = async {
        let (sequence, asked) = message(&mut line).await;
        assert_eq!((asked.source_addr.as_str(), asked.destination_addr.as_str()), ("Harbor", "447700900003"));
        assert_eq!((u8::from(asked.source_addr_ton), u8::from(asked.dest_addr_ton), u8::from(asked.dest_addr_npi)), (5, 1, 1));
        assert_eq!((u8::from(asked.esm_class), u8::from(asked.registered_delivery)), (0, 1), "a receipt is asked for");
        assert_eq!((asked.data_coding, asked.short_message().as_ref()), (DataCoding::McSpecific, &b"Your code is 493817."[..]));
        line.send(answer(CommandStatus::EsmeRok, sequence, "7FA")).await.unwrap();
    };
    let (sent, ()) = tokio::join!(rig.give("Your code is 493817."), centre);
    assert_eq!(sent, Sent::Taken { reference: Some("7FA".to_owned()), arrived: false });

    let text = OctetString::from_slice(b"id:7FA sub:001 dlvrd:001 stat:DELIVRD err:000 text:").unwrap();
    let receipt = DeliverSm::builder().esm_class(EsmClass::from(4)).short_message(text).build();
    for (kept, status) in [(false, CommandStatus::EsmeRsyserr), (true, CommandStatus::EsmeRok)] {
        line.send(Command::new(CommandStatus::EsmeRok, 77, Pdu::DeliverSm(receipt.clone()))).await.unwrap();
        let told = patient(rig.told.recv()).await.unwrap();
        assert_eq!((told.wallet.as_str(), told.route.as_str()), ("harbor", "main"));
        let about = About::Reference("7FA".to_owned());
        assert_eq!(told.receipt, Receipt { about, report: Some(Report::Delivered), reason: None });
        told.kept.send(kept).unwrap();
        let acknowledged = heard(&mut line).await;
        assert!(matches!(acknowledged.pdu(), Some(Pdu::DeliverSmResp(_))), "{acknowledged:?}");
        assert_eq!((acknowledged.sequence_number(), acknowledged.status()), (77, status));
    }
    rig.stop.cancel();
    assert!(matches!(heard(&mut line).await.pdu(), Some(Pdu::Unbind)));
    patient(rig.tasks.join_next()).await;
}

#[tokio::test]
async fn long_and_chinese_messages_go_whole() {
    let rig = Rig::new().await;
    let mut line = rig.bound().await;
    let long = "码".repeat(100);
    for (text, length) in [("码", 2), (long.as_str(), 200)] {
        let centre = async {
            let (sequence, asked) = message(&mut line).await;
            assert_eq!(asked.data_coding, DataCoding::Ucs2);
            let payload = asked.tlvs().iter().find_map(|tlv| match tlv.value() {
                Some(TlvValue::MessagePayload(payload)) => Some(payload.value.as_ref().len()),
                _ => None,
            });
            assert_eq!(payload.unwrap_or(asked.short_message().as_ref().len()), length);
            assert_eq!(payload.is_some(), length > 140);
            line.send(answer(CommandStatus::EsmeRok, sequence, "1")).await.unwrap();
        };
        let (sent, ()) = tokio::join!(rig.give(text), centre);
        assert!(matches!(sent, Sent::Taken { .. }));
    }
}

#[tokio::test]
async fn what_the_centre_says_is_never_now_or_nobody_knows() {
    let rig = Rig::new().await;
    assert_eq!(rig.give("before").await, Sent::Busy("not_bound".to_owned()));
    let mut line = rig.bound().await;
    for (status, sent) in [
        (CommandStatus::EsmeRinvdstadr, Sent::Refused("smpp_0x0000000b".to_owned())),
        (CommandStatus::EsmeRsyserr, Sent::Busy("smpp_0x00000008".to_owned())),
        (CommandStatus::EsmeRthrottled, Sent::Busy("smpp_0x00000058".to_owned())),
    ] {
        let centre = async {
            let (sequence, _) = message(&mut line).await;
            line.send(Command::new(status, sequence, Pdu::SubmitSmResp(SubmitSmResp::default()))).await.unwrap();
        };
        let (outcome, ()) = tokio::join!(rig.give("x"), centre);
        assert_eq!(outcome, sent);
    }
    // A connection that breaks while a message is unanswered: the centre may have it.
    let centre = async {
        message(&mut line).await;
        drop(line);
    };
    let (outcome, ()) = tokio::join!(rig.give("x"), centre);
    assert_eq!(outcome, Sent::Unknown("connection_lost".to_owned()));
    // And is dialled again.
    let mut line = rig.bound().await;
    line.send(Command::new(CommandStatus::EsmeRok, 5, Pdu::EnquireLink)).await.unwrap();
    let alive = heard(&mut line).await;
    assert!(matches!(alive.pdu(), Some(Pdu::EnquireLinkResp)) && alive.sequence_number() == 5, "{alive:?}");
}
