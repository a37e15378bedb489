//! A SIP phone of few words: raw datagrams over a UDP socket, written and read by hand, so that no SIP library stands on both
//! sides of a test. Waits with time-outs that only a hang reaches; asserts nothing about how long anything takes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses its part of the phone")]

pub(crate) mod stream;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::timeout;
use walletline_voice::{
    Binding, ClipLibrary, Config, Credentials, EncryptionPolicy, Event, LegId, NumberKind, PolicyFor, TlsFiles, TrunkSettings,
    Tuning, Voice, ha1,
};

/// Longer than anything that still works takes.
pub(crate) const HANG: Duration = Duration::from_secs(20);

/// T1 of most tests: patience of 6.4 s, which only a hang uses up.
pub(crate) const T1: Duration = Duration::from_millis(100);

/// T1 where a test waits for us to give up: 1.9 s in place of 32 s.
pub(crate) const T1_SHORT: Duration = Duration::from_millis(30);

pub(crate) const SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 8 101\r\n\
    a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";

struct Phones;

impl Credentials for Phones {
    fn ha1(&self, user: &str) -> Option<String> {
        user.starts_with("agent").then(|| ha1(user, "secret"))
    }
}

/// Calls to `required` and `off` are what their names say; everybody else's may be either.
fn policy(call: PolicyFor<'_>) -> EncryptionPolicy {
    match call {
        PolicyFor::Incoming { line: "required", .. } => EncryptionPolicy::Required,
        PolicyFor::Incoming { line: "off", .. } => EncryptionPolicy::Off,
        PolicyFor::Incoming { .. } | PolicyFor::Trunk { .. } | PolicyFor::Phone => EncryptionPolicy::Preferred,
    }
}

/// A running engine and its controller's ear.
pub(crate) struct Engine {
    pub(crate) voice: Voice,
    pub(crate) events: mpsc::Receiver<Event>,
    pub(crate) address: SocketAddr,
}

impl Engine {
    pub(crate) async fn start() -> Self {
        Self::start_with(1000, T1, Vec::new()).await
    }

    pub(crate) async fn start_with(calls_max: u32, t1: Duration, bindings: Vec<Binding>) -> Self {
        Self::start_tuned(calls_max, Tuning { t1, ..Tuning::default() }, bindings).await
    }

    pub(crate) async fn start_tuned(calls_max: u32, tuning: Tuning, bindings: Vec<Binding>) -> Self {
        Self::start_listening(calls_max, tuning, bindings, None).await
    }

    /// One that takes TLS as well.
    pub(crate) async fn start_secure(tuning: Tuning, bindings: Vec<Binding>, files: Option<TlsFiles>) -> Self {
        Self::start_listening(1000, tuning, bindings, files).await
    }

    /// One with carriers.
    pub(crate) async fn start_trunks(trunks: Vec<TrunkSettings>, tuning: Tuning, files: Option<TlsFiles>) -> Self {
        Self::start_with_all(1000, tuning, Vec::new(), files, trunks).await
    }

    async fn start_listening(calls_max: u32, tuning: Tuning, bindings: Vec<Binding>, files: Option<TlsFiles>) -> Self {
        Self::start_with_all(calls_max, tuning, bindings, files, Vec::new()).await
    }

    async fn start_with_all(
        calls_max: u32,
        tuning: Tuning,
        bindings: Vec<Binding>,
        files: Option<TlsFiles>,
        trunks: Vec<TrunkSettings>,
    ) -> Self {
        let localhost = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let config = Config {
            sip_udp: SocketAddr::new(localhost, 0),
            sip_tcp: Some(SocketAddr::new(localhost, 0)),
            sip_tls: files.map(|files| (SocketAddr::new(localhost, 0), files)),
            media_bind: localhost,
            media_advertise: None,
            media_ports: 20_000..=29_999,
            calls_max,
            trusted: Box::new(|_| false),
            encryption: Box::new(policy),
            trunks,
            number_kinds: Box::new(|number| match number {
                premium if premium.starts_with("+86168") => NumberKind::Premium,
                short if !short.starts_with('+') => NumberKind::Unknown,
                _ => NumberKind::Ordinary,
            }),
        };
        let (voice, events) =
            Voice::start_tuned(config, tuning, ClipLibrary::default(), Arc::new(Phones), bindings).await.unwrap();
        Self { address: voice.sip_address(), voice, events }
    }

    /// The next event that the signalling had a part in: how well media is heard depends on the machine.
    pub(crate) async fn event(&mut self) -> Event {
        loop {
            let event = timeout(HANG, self.events.recv()).await.expect("an event").unwrap();
            if !matches!(event, Event::QualityChanged { .. }) {
                return event;
            }
        }
    }

    /// The next one that is there already.
    pub(crate) fn waiting_event(&mut self) -> Option<Event> {
        std::iter::from_fn(|| self.events.try_recv().ok()).find(|event| !matches!(event, Event::QualityChanged { .. }))
    }

    /// The next event must be an incoming call; its leg.
    pub(crate) async fn incoming(&mut self) -> LegId {
        match self.event().await {
            Event::Incoming { leg, .. } => leg,
            other => panic!("not an incoming call: {other:?}"),
        }
    }

    /// The next event must be the end of this leg; its cause.
    pub(crate) async fn ended(&mut self, wanted: LegId) -> walletline_voice::EndCause {
        match self.event().await {
            Event::LegEnded { leg, cause, .. } if leg == wanted => cause,
            other => panic!("not the end of {wanted}: {other:?}"),
        }
    }

    fn is_idle(&self) -> bool {
        let load = self.voice.sip_load();
        (load.legs, load.dialogs, load.transactions, load.tasks) == (0, 0, 0, 3)
    }

    /// As `settle`, while a peer goes on reacting to what it is sent.
    pub(crate) async fn settle_with(&mut self, peer: &Peer, react: impl AsyncFn(&Peer, &Message)) {
        loop {
            tokio::select! {
                () = self.idle() => return self.settle().await,
                message = peer.receive() => react(peer, &message).await,
            }
        }
    }

    async fn idle(&self) {
        let idle = async {
            while !self.is_idle() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        assert!(timeout(HANG, idle).await.is_ok(), "left behind: {:?}", self.voice.sip_load());
    }

    /// Waits until nothing of any call is left, and no event either.
    pub(crate) async fn settle(&mut self) {
        self.idle().await;
        assert_eq!(self.waiting_event(), None, "an event after the end");
        assert_eq!(self.voice.counters().sip.legs, 0);
        assert_eq!(self.voice.counters().sip.incoming_legs, 0);
        assert_eq!(self.voice.counters().media.rtp_legs, 0);
    }
}

/// A message as it came.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) start: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Message {
    pub(crate) fn parse(datagram: &[u8]) -> Self {
        let text = std::str::from_utf8(datagram).expect("what we are sent is UTF-8");
        let (head, body) = text.split_once("\r\n\r\n").expect("a blank line after the head");
        let mut lines = head.split("\r\n");
        let start = lines.next().unwrap().to_owned();
        let fields: Vec<_> =
            lines.map(|line| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap()).collect();
        let message = Self { start, fields, body: body.to_owned() };
        assert_eq!(message.field("Content-Length"), Some(body.len().to_string().as_str()), "{text}");
        message
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn fields(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect()
    }

    /// The status of a response, 0 for a request.
    pub(crate) fn status(&self) -> u16 {
        self.start.strip_prefix("SIP/2.0 ").map_or(0, |rest| rest[..3].parse().unwrap())
    }

    /// The method of a request, or the one a response answers.
    pub(crate) fn method(&self) -> &str {
        match self.status() {
            0 => self.start.split(' ').next().unwrap(),
            _ => self.field("CSeq").unwrap().split(' ').nth(1).unwrap(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.iter_mut().filter(|(field, _)| field == name).for_each(|(_, old)| value.clone_into(old));
        self
    }

    pub(crate) fn uri(&self) -> &str {
        self.start.split(' ').nth(1).unwrap()
    }
}

/// A socket that speaks SIP by hand.
pub(crate) struct Peer {
    socket: UdpSocket,
    pub(crate) address: SocketAddr,
    engine: SocketAddr,
}

static NUMBER: AtomicU32 = AtomicU32::new(1);

pub(crate) fn unique() -> u32 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

impl Peer {
    pub(crate) async fn new(engine: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        Self { address: socket.local_addr().unwrap(), socket, engine }
    }

    /// The same phone, talking to another engine.
    pub(crate) fn towards(self, engine: SocketAddr) -> Self {
        Self { engine, ..self }
    }

    pub(crate) async fn send_raw(&self, datagram: &[u8]) {
        self.socket.send_to(datagram, self.engine).await.unwrap();
    }

    pub(crate) async fn send(&self, text: &str) {
        self.send_raw(text.as_bytes()).await;
    }

    pub(crate) async fn receive(&self) -> Message {
        let mut buffer = vec![0; 65_536];
        let (length, _) = timeout(HANG, self.socket.recv_from(&mut buffer)).await.expect("a message").unwrap();
        Message::parse(&buffer[..length])
    }

    /// Whatever has arrived until an OPTIONS sent now is answered: nothing else can then be under way.
    pub(crate) async fn receive_all(&self) -> Vec<Message> {
        let id = unique();
        self.send(&self.request("OPTIONS", &format!("sync{id}"), 1, "", "")).await;
        let mut all = Vec::new();
        loop {
            let message = self.receive().await;
            if message.field("Call-ID") == Some(&format!("sync{id}")) {
                return all;
            }
            all.push(message);
        }
    }

    /// The next final response to this method; provisional ones and repeated older answers are passed over.
    pub(crate) async fn final_response(&self, method: &str, cseq: u32) -> Message {
        self.matching(|message| message.status() >= 200 && message.field("CSeq") == Some(&format!("{cseq} {method}"))).await
    }

    pub(crate) async fn request_of(&self, method: &str) -> Message {
        self.matching(|message| message.status() == 0 && message.method() == method).await
    }

    pub(crate) async fn matching(&self, wanted: impl Fn(&Message) -> bool) -> Message {
        loop {
            let message = self.receive().await;
            if wanted(&message) {
                return message;
            }
        }
    }

    /// Reads what has come here without looking at it, and hangs up every call that the engine tells of.
    pub(crate) async fn drain(&self, engine: &mut Engine) {
        let mut buffer = vec![0; 65_536];
        while self.socket.try_recv_from(&mut buffer).is_ok() {}
        while let Ok(event) = engine.events.try_recv() {
            if let Event::Incoming { leg, .. } = event {
                engine.voice.execute(walletline_voice::Command::Hangup { leg });
            }
        }
    }

    /// Drains until nothing of any call is left.
    pub(crate) async fn drain_all(&self, engine: &mut Engine) {
        let drained = async {
            while !engine.is_idle() {
                self.drain(engine).await;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        assert!(timeout(HANG, drained).await.is_ok(), "left behind: {:?}", engine.voice.sip_load());
        self.drain(engine).await;
    }

    /// A request outside of any dialog. `extra` are whole header lines.
    pub(crate) fn request(&self, method: &str, call_id: &str, cseq: u32, extra: &str, body: &str) -> String {
        format!(
            "{method} sip:8000@{engine} SIP/2.0\r\nVia: SIP/2.0/UDP {us};branch=z9hG4bK{call_id}{cseq}{method};rport\r\n\
             From: <sip:+8619000000001@{us}>;tag=f{call_id}\r\nTo: <sip:8000@{engine}>\r\nCall-ID: {call_id}\r\n\
             CSeq: {cseq} {method}\r\nContact: <sip:caller@{us}>\r\nMax-Forwards: 70\r\n{extra}Content-Length: {length}\r\n\r\n{body}",
            engine = self.engine,
            us = self.address,
            length = body.len(),
        )
    }

    pub(crate) fn invite(&self, call_id: &str) -> String {
        self.request("INVITE", call_id, 1, "Content-Type: application/sdp\r\n", SDP)
    }

    /// Answers a request with the fields every answer needs, a tag of ours, and whole `extra` lines.
    pub(crate) async fn respond(&self, request: &Message, status: &str, extra: &str, body: &str) {
        let mut text = format!("SIP/2.0 {status}\r\n");
        for (name, value) in &request.fields {
            if ["Via", "From", "Call-ID", "CSeq", "Record-Route"].contains(&name.as_str()) {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
            if name == "To" {
                let tag = if value.contains(";tag=") { "" } else { ";tag=peer" };
                text.push_str(&format!("To: {value}{tag}\r\n"));
            }
        }
        text.push_str(&format!("{extra}Content-Length: {}\r\n\r\n{body}", body.len()));
        self.send(&text).await;
    }

    /// Accepts a call that rings here.
    pub(crate) async fn accept(&self, invite: &Message) {
        let extra = format!("Contact: <sip:phone@{}>\r\nContent-Type: application/sdp\r\n", self.address);
        self.respond(invite, "200 OK", &extra, SDP).await;
    }

    /// Places a call that is answered and acknowledged.
    pub(crate) async fn call(&self, engine: &mut Engine) -> (Call, LegId) {
        let call_id = format!("call{}", unique());
        self.send(&self.invite(&call_id)).await;
        let leg = engine.incoming().await;
        engine.voice.execute(walletline_voice::Command::Answer { leg });
        let answer = self.final_response("INVITE", 1).await;
        assert_eq!(answer.status(), 200);
        let call = Call::from_answer(&answer);
        self.send(&self.in_dialog(&call, "ACK", 1, "", "")).await;
        assert!(matches!(engine.event().await, Event::Answered { leg: answered, .. } if answered == leg));
        (call, leg)
    }

    /// Places a call with whole `extra` header lines in its INVITE; our answer too.
    pub(crate) async fn call_saying(&self, engine: &mut Engine, extra: &str) -> (Call, LegId, Message) {
        let call_id = format!("call{}", unique());
        let extra = format!("{extra}Content-Type: application/sdp\r\n");
        self.send(&self.request("INVITE", &call_id, 1, &extra, SDP)).await;
        let leg = engine.incoming().await;
        engine.voice.execute(walletline_voice::Command::Answer { leg });
        let answer = self.final_response("INVITE", 1).await;
        let call = Call::from_answer(&answer);
        self.send(&self.in_dialog(&call, "ACK", 1, "", "")).await;
        assert!(matches!(engine.event().await, Event::Answered { leg: answered, .. } if answered == leg));
        (call, leg, answer)
    }

    /// Answers our BYE.
    pub(crate) async fn say_goodbye(&self) {
        let bye = self.request_of("BYE").await;
        self.respond(&bye, "200 OK", "", "").await;
    }

    /// Acknowledges a refusal, within the INVITE's own transaction.
    pub(crate) async fn acknowledge(&self, refusal: &Message) {
        let field = |name: &str| refusal.field(name).unwrap();
        let via = field("Via").split(";received").next().unwrap().to_owned();
        let via = via.split(";rport=").next().unwrap().trim_end_matches(";rport").to_owned();
        self.send(&format!(
            "ACK sip:8000@{} SIP/2.0\r\nVia: {via}\r\nFrom: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} ACK\r\nContent-Length: 0\r\n\r\n",
            self.engine,
            field("From"),
            field("To"),
            field("Call-ID"),
            field("CSeq").split(' ').next().unwrap()
        ))
        .await;
    }

    pub(crate) fn in_dialog(&self, call: &Call, method: &str, cseq: u32, extra: &str, body: &str) -> String {
        format!(
            "{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {us};branch=z9hG4bK{call_id}{cseq}{method}in;rport\r\nFrom: {from}\r\n\
             To: {to}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\nContact: <sip:caller@{us}>\r\nMax-Forwards: 70\r\n\
             {extra}Content-Length: {length}\r\n\r\n{body}",
            us = self.address,
            target = call.target,
            from = call.from,
            to = call.to,
            call_id = call.call_id,
            length = body.len(),
        )
    }
}

/// What a caller remembers of its dialog.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) call_id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) target: String,
}

impl Call {
    pub(crate) fn from_answer(answer: &Message) -> Self {
        let field = |name: &str| answer.field(name).unwrap().to_owned();
        let target = answer.field("Contact").map_or_else(String::new, |contact| contact.trim_matches(['<', '>']).to_owned());
        Self { call_id: field("Call-ID"), from: field("From"), to: field("To"), target }
    }
}

/// The parameters of a digest challenge.
pub(crate) fn challenge(response: &Message) -> HashMap<String, String> {
    let value = response.field("WWW-Authenticate").unwrap().strip_prefix("Digest ").unwrap();
    value
        .split(", ")
        .map(|part| part.split_once('=').unwrap())
        .map(|(k, v)| (k.to_owned(), v.trim_matches('"').to_owned()))
        .collect()
}

/// An Authorization value for a REGISTER, with `qop=auth` and this count.
pub(crate) fn digest(challenge: &HashMap<String, String>, user: &str, password: &str, count: u32) -> String {
    use md5::{Digest as _, Md5};
    let hex = |text: String| Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (nonce, realm) = (&challenge["nonce"], &challenge["realm"]);
    let ha2 = hex("REGISTER:sip:walletline".to_owned());
    let response = hex(format!("{}:{nonce}:{count:08x}:cn:auth:{ha2}", hex(format!("{user}:{realm}:{password}"))));
    format!(
        "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"sip:walletline\", qop=auth, nc={count:08x}, \
         cnonce=\"cn\", response=\"{response}\", algorithm=MD5"
    )
}
