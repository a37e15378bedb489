//! The phone of few words on a connection: raw bytes over TCP, or whatever else carries a stream, cut into messages by hand.

use super::{HANG, Message, SDP, unique};
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// What carries bytes both ways.
pub(crate) trait Carrier: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Carrier for T {}

/// One end of a connection that speaks SIP by hand.
pub(crate) struct StreamPeer {
    stream: Box<dyn Carrier>,
    unread: Vec<u8>,
    /// Ours.
    pub(crate) address: SocketAddr,
    pub(crate) engine: SocketAddr,
    /// As Via names it.
    pub(crate) transport: &'static str,
}

impl StreamPeer {
    pub(crate) async fn tcp(engine: SocketAddr) -> Self {
        Self::accepted(TcpStream::connect(engine).await.unwrap())
    }

    /// A TCP connection, whoever opened it.
    pub(crate) fn accepted(stream: TcpStream) -> Self {
        let (address, engine) = (stream.local_addr().unwrap(), stream.peer_addr().unwrap());
        Self::over(stream, "TCP", address, engine)
    }

    pub(crate) fn over(stream: impl Carrier + 'static, transport: &'static str, address: SocketAddr, engine: SocketAddr) -> Self {
        Self { stream: Box::new(stream), unread: Vec::new(), address, engine, transport }
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.send_raw(text.as_bytes()).await;
    }

    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// The next bytes; none when the connection is closed or reset.
    async fn read(&mut self) -> Option<Vec<u8>> {
        let mut chunk = vec![0; 4096];
        match timeout(HANG, self.stream.read(&mut chunk)).await.expect("bytes or an end") {
            Ok(0) | Err(_) => None,
            Ok(length) => Some(chunk[..length].to_vec()),
        }
    }

    /// The next message.
    pub(crate) async fn receive(&mut self) -> Message {
        loop {
            let text = String::from_utf8(self.unread.clone()).unwrap();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length =
                    head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap().parse::<usize>().unwrap();
                if body.len() >= length {
                    let whole = head.len() + 4 + length;
                    let message = Message::parse(&self.unread[..whole]);
                    self.unread.drain(..whole);
                    return message;
                }
            }
            let more = self.read().await.expect("a message before the end");
            self.unread.extend(more);
        }
    }

    /// Exactly these bytes come next.
    pub(crate) async fn expect_bytes(&mut self, expected: &[u8]) {
        while self.unread.len() < expected.len() {
            let more = self.read().await.expect("bytes before the end");
            self.unread.extend(more);
        }
        assert_eq!(self.unread.drain(..expected.len()).collect::<Vec<_>>(), expected);
    }

    /// Waits until the other side has closed, and gives what came before.
    pub(crate) async fn closed(self) -> String {
        String::from_utf8(self.closed_bytes().await).unwrap()
    }

    /// The same, where it need not be text.
    pub(crate) async fn closed_bytes(mut self) -> Vec<u8> {
        while let Some(more) = self.read().await {
            self.unread.extend(more);
        }
        self.unread
    }

    pub(crate) async fn final_response(&mut self, method: &str, cseq: u32) -> Message {
        loop {
            let message = self.receive().await;
            if message.status() >= 200 && message.field("CSeq") == Some(&format!("{cseq} {method}")) {
                return message;
            }
        }
    }

    pub(crate) async fn request_of(&mut self, method: &str) -> Message {
        loop {
            let message = self.receive().await;
            if message.status() == 0 && message.method() == method {
                return message;
            }
        }
    }

    /// A request outside of any dialog. `extra` are whole header lines.
    pub(crate) fn request(&self, method: &str, call_id: &str, cseq: u32, extra: &str, body: &str) -> String {
        let to = format!("<sip:8000@{}>", self.engine);
        let from = format!("<sip:+8619000000001@{}>;tag=f{call_id}", self.address);
        self.write(method, &format!("sip:8000@{}", self.engine), (&from, &to), (call_id, cseq), &(extra.to_owned(), body))
    }

    pub(crate) fn invite(&self, call_id: &str) -> String {
        self.request("INVITE", call_id, 1, "Content-Type: application/sdp\r\n", SDP)
    }

    /// A request within the dialog that this answer made.
    pub(crate) fn in_dialog(&self, answer: &Message, method: &str, cseq: u32) -> String {
        let field = |name: &str| answer.field(name).unwrap();
        let target = field("Contact").trim_matches(['<', '>']);
        self.write(method, target, (field("From"), field("To")), (field("Call-ID"), cseq), &(String::new(), ""))
    }

    fn write(
        &self,
        method: &str,
        uri: &str,
        (from, to): (&str, &str),
        (call_id, cseq): (&str, u32),
        (extra, body): &(String, &str),
    ) -> String {
        let (transport, us) = (self.transport, self.address);
        format!(
            "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/{transport} {us};branch=z9hG4bK{call_id}{cseq}{method};rport\r\nFrom: {from}\r\n\
             To: {to}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\n\
             Contact: <sip:caller@{us};transport={lower}>\r\nMax-Forwards: 70\r\n{extra}Content-Length: {length}\r\n\r\n{body}",
            lower = transport.to_ascii_lowercase(),
            length = body.len(),
        )
    }

    pub(crate) async fn respond(&mut self, request: &Message, status: &str, extra: &str, body: &str) {
        let mut text = format!("SIP/2.0 {status}\r\n");
        for (name, value) in &request.fields {
            let tag = if name == "To" && !value.contains(";tag=") { ";tag=peer" } else { "" };
            if ["Via", "From", "To", "Call-ID", "CSeq"].contains(&name.as_str()) {
                text.push_str(&format!("{name}: {value}{tag}\r\n"));
            }
        }
        text.push_str(&format!("{extra}Content-Length: {}\r\n\r\n{body}", body.len()));
        self.send(&text).await;
    }

    /// Accepts a call that rings here.
    pub(crate) async fn accept(&mut self, invite: &Message) {
        let transport = self.transport.to_ascii_lowercase();
        let extra = format!("Contact: <sip:phone@{};transport={transport}>\r\nContent-Type: application/sdp\r\n", self.address);
        self.respond(invite, "200 OK", &extra, SDP).await;
    }

    /// Registers as agent1 in two steps; what the registrar says in the end.
    pub(crate) async fn register(&mut self, contact: &str) -> Message {
        let call_id = format!("reg{}", unique());
        let text = |peer: &Self, cseq, extra: &str| {
            let text = peer.request("REGISTER", &call_id, cseq, extra, "");
            let to = format!("To: <sip:8000@{}>", peer.engine);
            let own = text.lines().find(|line| line.starts_with("Contact:")).unwrap().to_owned();
            text.replace(&to, "To: <sip:agent1@walletline>").replace(&own, &format!("Contact: {contact};expires=120"))
        };
        self.send(&text(self, 1, "")).await;
        let challenge = super::challenge(&self.final_response("REGISTER", 1).await);
        let authorization = format!("Authorization: {}\r\n", super::digest(&challenge, "agent1", "secret", 1));
        self.send(&text(self, 2, &authorization)).await;
        self.final_response("REGISTER", 2).await
    }
}
