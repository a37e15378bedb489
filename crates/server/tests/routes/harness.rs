//! A hotline in a folder of its own, and those who talk to it: people with a log-in, desks with a live connection, callers.

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use walletline::config::Config;
use walletline::connector::caller_id::{Checker, Fetcher};
use walletline::connector::{DemoPhones, Messenger, Wallets};
use walletline::demo::{self, Demo, DemoWallet};
use walletline::directory::Directory;
use walletline::engine::{Clock, Engine, Handle, Parts, PhoneCredentials};
use walletline::help::Names;
use walletline::help::journal::Journal;
use walletline::keyring::{self, Keyring};
use walletline::prompts::Prompts;
use walletline::recordings::{Recordings, Running as Recorder};
use walletline::service::{Base, Service};
use walletline::times::Times;
use walletline::uploads::Uploads;
use walletline::{help, listen, web, world};
use walletline_core::call::Channel;
use walletline_core::commit::Commit;
use walletline_core::help::Noted;
use walletline_core::kernel::ids::{IdSource, LegId, RefundId};
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::subject::Subject;
use walletline_core::switchboard::Switchboard;
use walletline_core::switchboard::event::{Event, LegEnd, LegStats};
use walletline_gsma::wire::ReversalRequest;
use walletline_gsma::{Client, Config as ClientConfig, ReversalState};
use walletline_store::Store;
use walletline_voice::{ClipLibrary, Voice};

/// Everybody's password in the demo world.
pub(crate) const PASSWORD: &str = "walletline-demo";

/// Far above what anything here takes; reached only when something never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running hotline. Its folder is removed when it goes.
pub(crate) struct Hotline {
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    pub(crate) engine: Handle,
    pub(crate) clock: Clock,
    /// Where phones reach it.
    pub(crate) sip: SocketAddr,
    dir: PathBuf,
    pub(crate) recordings: Option<Recordings>,
    pub(crate) voice: Voice,
    names: Option<Names>,
    uploads: Option<Uploads>,
    /// Where the sandbox's wallet of the first brand is.
    wallet_url: Option<String>,
    _tasks: JoinSet<()>,
    _service: Option<Service>,
    _recording: Option<Recorder>,
}

impl Drop for Hotline {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_dir_all(&self.dir);
    }
}

/// The demo world as the program starts it.
async fn start_demo(config: &mut Config, store: &Store, clock: &Clock) -> Arc<Demo> {
    demo::seed(config, store, clock).await.unwrap();
    let wallet = DemoWallet::start(config).await.unwrap();
    Arc::new(Demo { wallet, phones: DemoPhones::default() })
}

/// A folder of its own for each test.
pub(crate) fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("walletline-routes-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let dir = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

impl Hotline {
    /// The demo world.
    pub(crate) async fn start() -> Self {
        Self::start_with("", true).await
    }

    /// A hotline with more configuration, in which `{address}` is where it listens, with or without the demo world.
    pub(crate) async fn start_with(more: &str, demo: bool) -> Self {
        Self::start_over(more, demo, Vec::new(), None).await
    }

    /// The demo world that checks calling numbers, and fetches certificates over this client.
    pub(crate) async fn start_checking(more: &str, fetcher: Fetcher) -> Self {
        Self::assemble(more, true, Vec::new(), None, Some(fetcher)).await
    }

    /// A hotline that finds these freezes in its journal, and what this commit says in its store.
    pub(crate) async fn start_over(more: &str, demo: bool, noted: Vec<Noted>, before: Option<Commit>) -> Self {
        Self::assemble(more, demo, noted, before, None).await
    }

    async fn assemble(more: &str, demo: bool, noted: Vec<Noted>, before: Option<Commit>, fetcher: Option<Fetcher>) -> Self {
        let dir = folder();
        let file = dir.join("walletline.toml");
        let at = dir.display();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let more = more.replace("{address}", &address.to_string());
        let text = format!(
            "[sip]\nudp = \"127.0.0.1:0\"\n[media]\nports = \"28000-28999\"\n[store]\nurl = \"sqlite:{at}/walletline.db\"\n\
             [data]\ndir = \"{at}\"\n{more}"
        );
        std::fs::write(&file, text).unwrap();
        let mut config = Config::load(Some(&file), demo, []).unwrap();
        let store = Store::open(config.store.url.expose()).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Clock::start();
        let keyring = Keyring::load_or_make(&config).unwrap();
        if let Some(keyring) = &keyring {
            store.seal_with(keyring.derive(keyring::OUTBOX));
        }
        for noted in noted {
            Journal::open(&config.data.dir, store.clone()).await.unwrap().note(noted).await.unwrap();
        }
        if let Some(before) = before {
            store.commit(before).await.unwrap();
        }
        let demo = if demo { Some(start_demo(&mut config, &store, &clock).await) } else { None };
        let times = Times::load(&config).unwrap();
        let wallets = Wallets::connect(&config.wallets, clock).unwrap();
        let messenger = Messenger::new(&config.wallets, demo.as_ref().map(|demo| demo.phones.clone())).unwrap();
        let staff: Vec<_> = store.staff().await.unwrap().into_iter().map(|(_, member)| member).collect();
        let prompts = Prompts::load(&config).unwrap();
        let credentials = PhoneCredentials::new(&staff);
        let voice_config = listen::voice_config(&config);
        let (voice, voice_events) =
            Voice::start(voice_config, ClipLibrary::default(), Arc::new(credentials.clone()), Vec::new()).await.unwrap();
        let sip = voice.sip_address();
        let switchboard =
            Switchboard::new(world::build(&config, &prompts, &times, &messenger, staff.clone()).unwrap(), IdSource::new(1));
        let ids = IdSource::new(2);
        let (help, orders) = mpsc::channel(help::ORDERS_MAX);
        let (caller_ids, checker) = match (&config.stir, fetcher) {
            (Some(stir), Some(fetcher)) => {
                let (ids, checker) = Checker::over(&config, stir, clock, fetcher);
                (ids, Some(checker))
            }
            _ => Checker::new(&config, clock).unwrap(),
        };
        let recording = match &keyring {
            Some(keyring) => {
                Some(Recordings::start(store.clone(), clock, voice.clone(), keyring, None, &config.data.dir).await.unwrap())
            }
            None => None,
        };
        let recordings = recording.as_ref().map(Recorder::recordings);
        let calls = voice.clone();
        let parts = Parts {
            switchboard,
            store: store.clone(),
            voice,
            voice_events,
            clock,
            ids,
            staff,
            credentials,
            help,
            recordings: recordings.clone(),
            caller_ids,
        };
        let (running, engine) = Engine::new(parts);
        let service = match &keyring {
            Some(keyring) => {
                let base = Base {
                    store: store.clone(),
                    engine: engine.clone(),
                    clock,
                    wallets,
                    messenger,
                    times: times.clone(),
                    run: 1.into(),
                };
                Some(Service::start(&config, base, keyring, IdSource::new(3), orders).await.unwrap())
            }
            None => None,
        };
        let names = keyring.as_ref().map(|keyring| Names::new(keyring, IdSource::new(4)));
        let wallet_url = config.wallets.first().and_then(|wallet| wallet.gsma.as_ref()).map(|api| api.url.clone());
        let passes = service.as_ref().map(Service::passes);
        let refunds = service.as_ref().map(Service::refunds);
        let cases = service.as_ref().map(Service::cases);
        let visits = service.as_ref().map(Service::visits);
        let uploads = cases.as_ref().map(|cases| cases.uploads.clone());
        let receipts = service.as_ref().map(Service::receipts);
        let directory = Directory::new(&config, store.clone(), clock, keyring.as_ref()).unwrap();
        directory.publish().await.unwrap();
        let state = web::State::new(
            config,
            store.clone(),
            engine.clone(),
            clock,
            prompts,
            times,
            directory.clone(),
            demo,
            passes,
            refunds,
            cases,
            visits,
            recordings.clone(),
            keyring.as_ref().map(|keyring| web::Factors::new(keyring, None)),
            receipts,
        );
        let router = web::router(state);
        let mut tasks = JoinSet::new();
        tasks.spawn(running.run());
        if let Some(checker) = checker {
            tasks.spawn(checker.run(engine.clone()));
        }
        tasks.spawn(async move {
            axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
        });
        Self {
            address,
            store,
            engine,
            clock,
            sip,
            dir,
            recordings,
            voice: calls,
            names,
            uploads,
            wallet_url,
            _tasks: tasks,
            _service: service,
            _recording: recording,
        }
    }

    /// A customer as rows name them.
    pub(crate) fn subject(&self, wallet: &str, msisdn: &str) -> Subject {
        self.names.as_ref().unwrap().subject(wallet, &Pii::new(msisdn.to_owned()))
    }

    /// What the wallet shows when it calls back about a refund.
    pub(crate) fn callback_token(&self, refund: RefundId) -> String {
        self.names.as_ref().unwrap().callback_token(refund)
    }

    /// What a process of ours asked of the wallet before it died.
    pub(crate) async fn reverse_behind_our_back(&self, transaction: &str, amount: &str, key: &str) {
        let client = Client::new(&ClientConfig::new(self.wallet_url.as_deref().unwrap())).unwrap();
        let request = ReversalRequest::of(amount.parse().unwrap(), "CNY".to_owned());
        let state = client.reverse(transaction, &request, key, None).await.unwrap();
        assert!(matches!(state, ReversalState::Completed(_)), "{state:?}");
    }

    /// What stands in the journal of freezes.
    pub(crate) fn journal(&self) -> String {
        std::fs::read_to_string(self.dir.join("journal/freezes.jsonl")).unwrap_or_default()
    }

    /// Evidence of cases.
    pub(crate) fn uploads(&self) -> &Uploads {
        self.uploads.as_ref().unwrap()
    }

    /// Where evidence lies.
    pub(crate) fn uploads_folder(&self) -> PathBuf {
        self.dir.join("uploads")
    }

    /// Where recordings lie.
    pub(crate) fn recordings_folder(&self) -> PathBuf {
        self.dir.join("recordings")
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.dir.join("walletline.db")
    }

    /// One request on a connection of its own.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).await.unwrap();
        // The answer may come before all of a refused body was taken.
        let _refused_early = stream.write_all(body).await;
        let mut bytes = Vec::new();
        patient(stream.read_to_end(&mut bytes)).await.unwrap();
        Reply::parse(&bytes)
    }

    /// A read by nobody in particular.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"").await
    }

    /// A write of JSON by nobody in particular.
    pub(crate) async fn write(&self, method: &str, path: &str, body: &Value) -> Reply {
        let headers = [("X-Walletline", "1"), ("Content-Type", "application/json")];
        self.send(method, path, &headers, body.to_string().as_bytes()).await
    }

    /// Somebody of the demo's staff, logged in.
    pub(crate) async fn log_in(&self, user: &str) -> Person<'_> {
        let reply = self.write("POST", "/api/v1/session", &json!({ "user": user, "password": PASSWORD })).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        Person { hotline: self, cookie: reply.cookie(), me: reply.json() }
    }

    /// A phone call that arrives, is answered, and asks for a person in English.
    pub(crate) async fn caller(&self, number: &str) -> LegId {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let leg = LegId::from(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) + 1);
        let (line, caller) = ("8000".to_owned(), Pii::new(number.to_owned()));
        self.engine
            .post(Event::CallArrived {
                leg,
                line,
                caller,
                channel: Channel::Voice,
                trunk: String::new(),
                language: None,
                pass: None,
            })
            .await;
        self.answered(leg, "PCMA").await;
        for digit in ['2', '0'] {
            self.engine.post(Event::Digit { leg, digit }).await;
        }
        leg
    }

    /// What the voice engine would tell of a leg that is up.
    pub(crate) async fn answered(&self, leg: LegId, codec: &str) {
        let (codec, encryption) = (codec.to_owned(), "none".to_owned());
        self.engine.post(Event::LegAnswered { leg, codec, encryption, dialog: None }).await;
    }

    /// What the voice engine would tell when all that was played to a leg is over. It does not know these legs, so the harness
    /// speaks for it, and names every playback there can have been.
    pub(crate) async fn heard_everything(&self, leg: LegId) {
        for playback in 0..200 {
            self.engine.post(Event::PlaybackEnded { leg, playback, interrupted: false }).await;
        }
    }

    /// What the voice engine would tell of a leg that is gone.
    pub(crate) async fn ended(&self, leg: LegId, cause: LegEnd) {
        let stats = LegStats { packets: 500, lost: 2, jitter_ms: 1.5, round_trip_ms: Some(31.0), mos: Some(4.3) };
        self.engine.post(Event::LegEnded { leg, cause, detail: "test".to_owned(), stats }).await;
    }
}

/// Somebody who is logged in.
pub(crate) struct Person<'a> {
    pub(crate) hotline: &'a Hotline,
    pub(crate) cookie: String,
    pub(crate) me: Value,
}

impl Person<'_> {
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.hotline.send("GET", path, &[("Cookie", &self.cookie)], b"").await
    }

    pub(crate) async fn write(&self, method: &str, path: &str, body: &Value) -> Reply {
        let headers = [("X-Walletline", "1"), ("Content-Type", "application/json"), ("Cookie", self.cookie.as_str())];
        self.hotline.send(method, path, &headers, body.to_string().as_bytes()).await
    }

    /// A write without a body.
    pub(crate) async fn act(&self, method: &str, path: &str) -> Reply {
        self.hotline.send(method, path, &[("X-Walletline", "1"), ("Cookie", &self.cookie)], b"").await
    }

    /// A live connection, with its first snapshot.
    pub(crate) async fn desk(&self) -> (Desk, Value) {
        let mut desk = Desk::beating(self.open("/api/v1/live", None).await.unwrap());
        let snapshot = desk.next().await;
        assert_eq!(snapshot["type"], "snapshot");
        (desk, snapshot)
    }

    /// A WebSocket, opened by a page of `origin` when one is given.
    pub(crate) async fn open(&self, path: &str, origin: Option<&str>) -> Result<WebSocketStream<TcpStream>, WsError> {
        open(self.hotline, path, Some(&self.cookie), origin).await
    }

    /// Becomes ready.
    pub(crate) async fn ready(&self) {
        let reply = self.write("PUT", "/api/v1/me/state", &json!({ "state": "ready" })).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.json(), json!({ "state": "ready" }));
    }
}

/// Opens a WebSocket as a browser does.
pub(crate) async fn open(
    hotline: &Hotline,
    path: &str,
    cookie: Option<&str>,
    origin: Option<&str>,
) -> Result<WebSocketStream<TcpStream>, WsError> {
    let mut request = format!("ws://{}{path}", hotline.address).into_client_request()?;
    let headers = request.headers_mut();
    if let Some(cookie) = cookie {
        headers.insert("cookie", cookie.parse().unwrap());
    }
    if let Some(origin) = origin {
        headers.insert("origin", origin.parse().unwrap());
    }
    let stream = TcpStream::connect(hotline.address).await.unwrap();
    tokio_tungstenite::client_async(request, stream).await.map(|(socket, _)| socket)
}

/// A live connection as a page holds it.
pub(crate) struct Desk {
    sink: Arc<Mutex<SplitSink<WebSocketStream<TcpStream>, Message>>>,
    stream: SplitStream<WebSocketStream<TcpStream>>,
    _beats: JoinSet<()>,
}

impl Desk {
    /// A page that sends nothing by itself.
    pub(crate) fn silent(socket: WebSocketStream<TcpStream>) -> Self {
        let (sink, stream) = socket.split();
        Self { sink: Arc::new(Mutex::new(sink)), stream, _beats: JoinSet::new() }
    }

    /// A desk, whose worker sends a heartbeat every few seconds however long the test takes.
    pub(crate) fn beating(socket: WebSocketStream<TcpStream>) -> Self {
        let mut desk = Self::silent(socket);
        let sink = Arc::clone(&desk.sink);
        desk._beats.spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(3)).await;
                let beat = Message::text("{\"type\":\"heartbeat\"}");
                if sink.lock().await.send(beat).await.is_err() {
                    return;
                }
            }
        });
        desk
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match patient(self.stream.next()).await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not a message: {other:?}"),
            }
        }
    }

    /// The next message that fits, others passed over.
    pub(crate) async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.next().await;
            if fits(&message) {
                return message;
            }
        }
    }

    /// The next event of a kind.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        self.until(|message| message["event"]["kind"] == kind).await["event"].clone()
    }

    pub(crate) async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Anything that a WebSocket can carry.
    pub(crate) async fn send(&mut self, message: Message) {
        self.sink.lock().await.send(message).await.unwrap();
    }

    /// Reads until the connection is over, however it ends.
    pub(crate) async fn ends(&mut self) {
        while let Some(Ok(message)) = patient(self.stream.next()).await {
            if message.is_close() {
                return;
            }
        }
    }

    /// The code with which the server closes the connection, whatever it says before.
    pub(crate) async fn close_code(&mut self) -> u16 {
        loop {
            match patient(self.stream.next()).await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("closed without a word: {other:?}"),
            }
        }
    }
}

/// An HTTP answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer with a head");
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| line.split_once(':').map(|(n, v)| (n.to_lowercase(), v.trim().to_owned()));
        Self { status, headers: lines.filter_map(header).collect(), body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The session cookie as a request sends it back.
    pub(crate) fn cookie(&self) -> String {
        self.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    /// Asserts a problem document of this name.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, slug: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let body = self.json();
        assert_eq!(body["type"], format!("https://walletline.dev/problems/{slug}"));
        assert_eq!(body["status"], status);
        assert!(body["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
}

/// Waits for what must come.
pub(crate) async fn patient<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("this never came")
}
