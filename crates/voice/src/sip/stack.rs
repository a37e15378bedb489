//! The one place where messages are made for and handed to rsipstack's transaction layer. Names are never resolved: every
//! transaction gets its destination as an address, so nothing on the signalling path waits.

use super::address::{SipUri, tag};
use super::peer::{Hop, Peer, route};
use super::socket::SipSocket;
use super::streams::Streams;
use crate::SipTransport;
use crate::random::token;
use rsipstack::sip::headers::make_header;
use rsipstack::sip::param::Tag;
use rsipstack::sip::{
    Domain, Header, HeadersExt, Host, HostWithPort, Method, Request, Response, SipMessage, StatusCode, To, Transport, Uri,
    Version,
};
use rsipstack::transaction::endpoint::{EndpointInnerRef, EndpointOption};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::{Transaction, TransactionEvent, TransactionEventSender};
use rsipstack::transaction::{EndpointBuilder, TransactionReceiver};
use rsipstack::transport::udp::{UdpConnection, UdpInner};
use rsipstack::transport::{SipAddr, SipConnection};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Our name in every message.
const USER_AGENT: &str = "Walletline";

/// A header field; for the many that rsipstack knows, its own kind.
pub(super) fn header(name: &str, value: impl Into<String>) -> Header {
    make_header(name, value.into())
}

/// The transaction layer and our own address in it.
pub(super) struct Stack {
    pub(super) endpoint: EndpointInnerRef,
    pub(super) socket: Arc<SipSocket>,
    pub(super) streams: Arc<Streams>,
    connection: SipConnection,
    /// `host:port` of the socket as the far ends are told.
    pub(super) advertised: SocketAddr,
    pub(super) t1: Duration,
}

/// A client transaction that is about to be sent.
pub(super) struct Client {
    pub(super) transaction: Transaction,
    /// Where it goes, by which connection.
    pub(super) peer: Peer,
    /// Its connection is gone: no answer will come.
    pub(super) lost: Option<CancellationToken>,
}

impl Stack {
    /// Wraps the socket and the connections. The receiver yields new server transactions.
    pub(super) async fn new(
        socket: SipSocket,
        advertised: SocketAddr,
        streams: Arc<Streams>,
        t1: Duration,
    ) -> (Self, Option<TransactionReceiver>) {
        let option = EndpointOption {
            t1,
            t1x64: t1 * 64,
            t2: t1 * 8,
            t4: t1 * 10,
            callid_suffix: Some(advertised.ip().to_string()),
            // The ACK of a 2xx is made from the dialog, here: the layer would look its target's name up.
            auto_ack_2xx: false,
            ..EndpointOption::default()
        };
        let endpoint = EndpointBuilder::new().with_user_agent(USER_AGENT).with_option(option).build();
        let incoming = endpoint.incoming_transactions().ok();
        let socket = Arc::new(socket);
        let inner = UdpInner { conn: socket.clone(), addr: udp(advertised) };
        let connection = SipConnection::Udp(UdpConnection::attach(inner, None, None).await);
        (Self { endpoint: endpoint.inner, socket, streams, connection, advertised, t1 }, incoming)
    }

    /// 64 × T1: how long anything unanswered may last (RFC 3261 section 17).
    pub(super) fn give_up_after(&self) -> Duration {
        self.t1 * 64
    }

    /// How long an ACK is waited for: the transaction layer gives up after 64 × T1, this a little later, should it ever not.
    pub(super) fn ack_patience(&self) -> Duration {
        self.t1 * 68
    }

    pub(super) fn connection(&self) -> SipConnection {
        self.connection.clone()
    }

    /// Where far ends reach us on a transport.
    fn address(&self, transport: SipTransport) -> SocketAddr {
        self.streams.advertised(transport).unwrap_or(self.advertised)
    }

    /// Where a request to `uri` goes. TCP that we do not serve is taken for a phone's habit, and UDP tried as before; TLS never is.
    pub(super) fn route(&self, uri: &str, seen: Peer) -> Hop {
        let hop = route(uri, seen);
        let served = hop.transport != SipTransport::Tcp || self.streams.advertised(hop.transport).is_some();
        if served { hop } else { Hop { transport: SipTransport::Udp, flow: None, ..hop } }
    }

    /// Our Contact on a transport, with a user part where one is given; `sips` where theirs is (RFC 3261 section 12.1.1).
    pub(super) fn contact(&self, transport: SipTransport, theirs: &str, user: &str) -> Header {
        let (at, address) = (if user.is_empty() { "" } else { "@" }, self.address(transport));
        let secure = SipUri::parse(theirs).is_some_and(|uri| uri.scheme.eq_ignore_ascii_case("sips"));
        header(
            "Contact",
            match transport {
                SipTransport::Udp => format!("<sip:{user}{at}{address}>"),
                SipTransport::Tls if secure => format!("<sips:{user}{at}{address}>"),
                SipTransport::Tcp | SipTransport::Tls => format!("<sip:{user}{at}{address};transport={}>", transport.name()),
            },
        )
    }

    /// A request with Via, Max-Forwards and the given fields. The Request-URI goes out exactly as it is written.
    pub(super) fn request(&self, transport: SipTransport, method: Method, uri: &str, fields: Vec<Header>) -> Request {
        let (name, alias) = match transport {
            SipTransport::Udp => ("UDP", ""),
            // The far end may use the connection for its own requests (RFC 5923).
            SipTransport::Tcp => ("TCP", ";alias"),
            SipTransport::Tls => ("TLS", ";alias"),
        };
        let via = format!("SIP/2.0/{name} {};rport{alias};branch=z9hG4bK{}", self.address(transport), token());
        let mut headers = vec![header("Via", via), header("Max-Forwards", "70")];
        headers.extend(fields);
        headers.push(header("User-Agent", USER_AGENT));
        Request { method, uri: verbatim(uri), version: Version::V2, headers: headers.into(), body: Vec::new() }
    }

    /// Starts a client transaction. `None` where no connection may be opened, or for a request that rsipstack cannot key; ours
    /// always can be.
    pub(super) fn client(&self, request: Request, to: &Hop) -> Option<Client> {
        let key = TransactionKey::from_request(&request, TransactionRole::Client).ok()?;
        let (connection, destination, peer, lost) = match to.transport {
            SipTransport::Udp => (self.connection(), Some(udp(to.address)), Peer::udp(to.address), None),
            SipTransport::Tcp | SipTransport::Tls => {
                let flow = self.streams.reach(to)?;
                (flow.connection(), None, flow.peer, Some(flow.lost.clone()))
            }
        };
        let mut transaction = Transaction::new_client(key, request, self.endpoint.clone(), Some(connection));
        transaction.destination = destination;
        Some(Client { transaction, peer, lost })
    }

    /// Sends a message outside any transaction: the ACK of a 2xx.
    pub(super) fn send(&self, request: Request, to: &Hop) {
        let mut request = request;
        request.headers.push(header("Content-Length", request.body.len().to_string()));
        match to.transport {
            SipTransport::Udp => self.socket.send(&request.to_bytes(), to.address),
            SipTransport::Tcp | SipTransport::Tls => {
                if let Some(flow) = self.streams.reach(to) {
                    flow.send(request);
                }
            }
        }
    }

    /// Whether a message belongs to a transaction that is live or remembered.
    pub(super) fn knows(&self, message: &SipMessage) -> bool {
        let key = match message {
            SipMessage::Request(request) => TransactionKey::from_request(request, TransactionRole::Server),
            SipMessage::Response(response) => TransactionKey::from_response(response, TransactionRole::Client),
        };
        key.is_ok_and(|key| {
            self.endpoint.transactions.contains_key(&key) || self.endpoint.finished_transactions.contains_key(&key)
        })
    }
}

/// Whether rsipstack reads the tags of a request as we do, and will read ours once it stands in To. Where it does not, its
/// transaction would break off between sending an answer and starting its timers, and never end.
pub(super) fn agrees_on_tags(request: &Request) -> bool {
    let (Ok(from), Ok(to)) = (request.from_header(), request.to_header()) else { return false };
    let same = |theirs: Result<Option<Tag>, _>, ours: Option<&str>| {
        theirs.is_ok_and(|theirs: Option<Tag>| theirs.as_ref().map(|theirs| theirs.value()) == ours)
    };
    let tagged = match tag(to.value()) {
        Some(_) => to.clone(),
        None => To::new(format!("{};tag=ours", to.value())),
    };
    same(from.tag(), tag(from.value())) && same(tagged.tag(), tag(tagged.value())) && tag(tagged.value()).is_some()
}

/// How a server transaction is answered while another task drives it.
pub(super) struct Responder {
    sender: TransactionEventSender,
    pub(super) request: Request,
}

impl Responder {
    /// Takes hold of a transaction before its driver does. Our tag goes into the request's To, so that every answer has it.
    pub(super) fn new(transaction: &mut Transaction, tag: Option<&str>) -> Self {
        if let Some(tag) = tag {
            for field in transaction.original.headers.iter_mut() {
                if let Header::To(to) = field {
                    let tagged = format!("{};tag={tag}", to.value());
                    to.replace(tagged);
                }
            }
        }
        Self { sender: transaction.tu_sender.clone(), request: transaction.original.clone() }
    }

    /// Answers. The Record-Route of the request comes along where the answer makes or refreshes a dialog, an early one too.
    pub(super) fn respond(&self, stack: &Stack, status: u16, fields: Vec<Header>, body: Option<String>) {
        let mut response = stack.endpoint.make_response(&self.request, StatusCode::from(status), body.map(String::into_bytes));
        if (101..300).contains(&status) {
            let routes = self.request.headers.iter().filter(|field| matches!(field, Header::RecordRoute(_)));
            response.headers.extend(routes.cloned().collect());
        }
        response.headers.extend(fields);
        // The driver is gone only when the transaction is over, and then nobody waits for this.
        let _ = self.sender.send(TransactionEvent::Respond(response));
    }

    /// Ends the transaction: nobody is left to repeat an answer to.
    pub(super) fn give_up(&self) {
        if let Ok(key) = TransactionKey::from_request(&self.request, TransactionRole::Server) {
            let _ = self.sender.send(TransactionEvent::Terminate(key));
        }
    }
}

/// A status of a response as a number.
pub(super) fn status_of(response: &Response) -> u16 {
    response.status_code.code()
}

fn udp(address: SocketAddr) -> SipAddr {
    SipAddr { r#type: Some(Transport::Udp), addr: address.into() }
}

/// A URI that is printed as it stands. rsipstack's own type splits at the first `;` even within the user part.
fn verbatim(uri: &str) -> Uri {
    let host = Host::Domain(Domain(uri.to_owned()));
    Uri { scheme: None, host_with_port: HostWithPort { host, port: None }, ..Uri::default() }
}
