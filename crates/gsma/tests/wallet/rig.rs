//! A sandbox on loopback with a clock of its own, clients for both brands and for its control, and the official file looking on.

use crate::listener::Listening;
use crate::spec::{Exchange, extension_operation, violations};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use walletline_gsma::extension::ExtensionClient;
use walletline_gsma::sandbox::{ClockAdvance, Control, ControlError, FaultOrder, Sandbox};
use walletline_gsma::{AccountRef, Client, Config};

/// A Monday, 08:00 UTC.
pub(crate) const START_US: i64 = 1_795_420_800_000_000;

/// Time-out of the usual client: nothing here takes so long on the busiest machine.
const PATIENT: Duration = Duration::from_secs(25);

/// Time-out of a client that meets a wallet that never answers: long enough for the wallet to act.
const IMPATIENT: Duration = Duration::from_secs(3);

pub(crate) struct Rig {
    pub(crate) sandbox: Sandbox,
    pub(crate) jinqiao: Client,
    pub(crate) harbor: Client,
    pub(crate) extension: ExtensionClient,
    pub(crate) control: Control,
    pub(crate) listening: Listening,
    seen: Seen,
}

/// What was seen of requests to the wallets.
#[derive(Default)]
struct Sight {
    arrived: AtomicUsize,
    violations: Mutex<Vec<String>>,
    /// Operations of the extension that were asked for.
    extended: Mutex<BTreeSet<String>>,
}

type Seen = Arc<Sight>;

impl Rig {
    pub(crate) async fn in_memory() -> Self {
        Self::open(None, None).await
    }

    pub(crate) async fn on(file: &Path) -> Self {
        Self::open(Some(file), None).await
    }

    pub(crate) async fn called_back_at(url: String) -> Self {
        Self::open(None, Some(url)).await
    }

    async fn open(file: Option<&Path>, callback_url: Option<String>) -> Self {
        let clock = AtomicI64::new(START_US);
        let sandbox = Sandbox::open(file, Arc::new(move || clock.load(Ordering::Relaxed))).await.unwrap();
        let seen = Seen::default();
        let router = sandbox.router().layer(middleware::from_fn_with_state(Arc::clone(&seen), look_on));
        let listening = Listening::on_loopback(router).await;
        let client = |wallet: &str| {
            let config = Config::new(listening.url(wallet));
            Client::new(&Config { timeout: PATIENT, callback_url: callback_url.clone(), ..config }).unwrap()
        };
        Self {
            sandbox,
            jinqiao: client("/jinqiao"),
            harbor: client("/harbor/"),
            extension: ExtensionClient::new(&Config { timeout: PATIENT, ..Config::new(listening.url("/jinqiao/extension/v1")) })
                .unwrap(),
            control: Control::new(&listening.url("")).unwrap(),
            seen,
            listening,
        }
    }

    /// A client of jinqiao that soon gives up.
    pub(crate) fn impatient(&self) -> Client {
        Client::new(&Config { timeout: IMPATIENT, ..Config::new(self.listening.url("/jinqiao")) }).unwrap()
    }

    pub(crate) async fn fault(&self, operation: &str, fault: &str) {
        self.order(operation, fault, 1).await.unwrap();
    }

    pub(crate) async fn order(&self, operation: &str, fault: &str, count: u32) -> Result<(), ControlError> {
        self.control.fault(&FaultOrder { operation: operation.to_owned(), fault: fault.to_owned(), count }).await
    }

    pub(crate) async fn advance(&self, advance_s: u32) {
        self.control.advance(ClockAdvance { advance_s }).await.unwrap();
    }

    /// What went over the wire so far keeps to the official file.
    pub(crate) fn assert_conforming(&self) {
        let violations = self.seen.violations.lock().unwrap();
        assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
    }

    /// The operations of the extension that were asked for.
    pub(crate) fn extended(&self) -> BTreeSet<String> {
        self.seen.extended.lock().unwrap().clone()
    }

    /// Waits until a request has arrived at a wallet and used up the order it meets. The file is asked in turn, so what is asked
    /// after an arrival is answered after it.
    pub(crate) async fn first_arrival(&self) {
        while self.seen.arrived.load(Ordering::Acquire) == 0 {
            tokio::task::yield_now().await;
        }
        self.control.ledger().await.unwrap();
    }
}

pub(crate) fn account(id: &str) -> AccountRef {
    AccountRef::AccountId(id.to_owned())
}

/// A correlation id of its own for each number.
pub(crate) fn key(number: u32) -> String {
    format!("0197a1b2-0000-7000-8000-{number:012x}")
}

async fn look_on(State(seen): State<Seen>, request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let below = ["/jinqiao", "/harbor"].iter().find_map(|wallet| path.strip_prefix(wallet)).map(str::to_owned);
    let Some(below) = below else { return next.run(request).await };
    seen.arrived.fetch_add(1, Ordering::Release);
    let (head, body) = request.into_parts();
    let request_body = to_bytes(body, 1 << 20).await.unwrap();
    let (method, request_headers) = (head.method.clone(), head.headers.clone());
    let (head, body) = next.run(Request::from_parts(head, Body::from(Bytes::clone(&request_body)))).await.into_parts();
    // What breaks off breaks off for the client too; there is nothing to judge.
    let Ok(answer_body) = to_bytes(body, 1 << 20).await else {
        let broken = std::io::Error::other("broken off");
        return Response::from_parts(head, Body::from_stream(futures_util::stream::iter([Err::<Bytes, _>(broken)])));
    };
    let exchange = Exchange {
        method,
        uri: below.parse().unwrap(),
        request_headers,
        request_body: request_body.to_vec(),
        status: head.status,
        answer_headers: head.headers.clone(),
        answer_body: answer_body.to_vec(),
    };
    seen.violations.lock().unwrap().extend(violations(&exchange));
    seen.extended.lock().unwrap().extend(extension_operation(&exchange));
    Response::from_parts(head, Body::from(answer_body))
}
