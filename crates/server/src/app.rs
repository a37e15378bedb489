//! The program put together: the only file that knows every part. It starts them in an order in which a failure leaves nothing
//! half-started, and stops them in the reverse one.

use crate::config::Config;
use crate::connector::caller_id::Checker;
use crate::connector::{DemoPhones, Messenger, Wallets};
use crate::demo::{self, Demo, DemoWallet};
use crate::directory::Directory;
use crate::engine::{CallThread, Clock, Engine, Handle, Parts, PhoneCredentials};
use crate::jobs::audit::Hasher;
use crate::jobs::recovery;
use crate::jobs::run::Run;
use crate::keyring::{self, Keyring};
use crate::prompts::Prompts;
use crate::recordings::{Recordings, Running as Recorder};
use crate::service::{Base, Service};
use crate::telemetry::{self, Scrape};
use crate::times::Times;
use crate::{help, hours, listen, web, world};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use walletline_core::agent::Staff;
use walletline_core::kernel::ids::IdSource;
use walletline_core::switchboard::Switchboard;
use walletline_core::switchboard::event::Event;
use walletline_store::Store;
use walletline_voice::{Binding, ClipLibrary, Voice};

/// Why the program could not start or go on, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ServeError(String);

impl ServeError {
    pub(crate) fn new(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Live calls get up to 30 s after the order to stop, their last records included; then the program ends.
const STOP_MAX: Duration = Duration::from_secs(30);

/// The last round of the hasher: a minute's entries are hashed in less, and the next start finds what is left.
const HASHING_MAX: Duration = Duration::from_secs(10);

/// Connections that are still open this long after the last call are cut: screens reconnect, and no call hangs on them.
const CONNECTIONS_GRACE: Duration = Duration::from_secs(2);

/// Serves until SIGTERM or Ctrl+C.
///
/// # Errors
/// [`ServeError`] when something cannot be started.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    config.check_serving().map_err(ServeError::new)?;
    telemetry::start_log().map_err(ServeError::new)?;
    let clock = Clock::start();
    let public = listen::bind("http.listen", config.http.listen).map_err(ServeError::new)?;
    let internal = listen::bind("http.internal", config.http.internal).map_err(ServeError::new)?;
    let run = Run::begin(&config.data.dir, IdSource::new(seed()?).next(clock.wall())).map_err(ServeError::new)?;
    let prompts = Prompts::load(&config).map_err(ServeError::new)?;
    let clips = prompts.clips().map_err(ServeError::new)?;

    let store = Store::open(config.store.url.expose()).await.map_err(ServeError::new)?;
    let served = serve_on(config, clock, (public, internal), &run, (prompts, clips), store.clone()).await;
    // Its writer may have a thread of its own, which has to be gone before the runtime is, also where the start failed.
    store.close().await;
    if served.is_ok() {
        tracing::info!("walletline stopped");
    }
    served
}

/// The same over a store that is open.
async fn serve_on(
    mut config: Config,
    clock: Clock,
    (public, internal): (TcpListener, TcpListener),
    run: &Run,
    (prompts, clips): (Prompts, ClipLibrary),
    store: Store,
) -> Result<(), ServeError> {
    store.migrate().await.map_err(ServeError::new)?;
    let keyring = Keyring::load_or_make(&config).map_err(ServeError::new)?;
    if let Some(keyring) = &keyring {
        store.seal_with(keyring.derive(keyring::OUTBOX));
    }
    let demo = if config.demo { Some(start_demo(&mut config, &store, &clock).await?) } else { None };
    let times = Times::load(&config).map_err(ServeError::new)?;
    let wallets = Wallets::connect(&config.wallets, clock).map_err(ServeError::new)?;
    let messenger = Messenger::new(&config.wallets, demo.as_ref().map(|demo| demo.phones.clone())).map_err(ServeError::new)?;
    let staff: Vec<Staff> = store.staff().await.map_err(ServeError::new)?.into_iter().map(|(_, member)| member).collect();

    let credentials = PhoneCredentials::new(&staff);
    let bindings = phone_bindings(&store, &clock).await?;
    let registered: Vec<String> = bindings.iter().map(|binding| binding.user.clone()).collect();
    let voice_config = listen::voice_config(&config);
    let tuning = listen::voice_tuning(&config);
    let calls = CallThread::start().map_err(ServeError::new)?;
    let known = Arc::new(credentials.clone());
    let started = calls.run(Voice::start_tuned(voice_config, tuning, clips, known, bindings)).await;
    let (voice, voice_events) = started.map_err(ServeError::new)?.map_err(ServeError::new)?;
    recovery::close_contacts(&store, &clock).await.map_err(ServeError::new)?;
    run.free_leases(&store, &clock).await.map_err(ServeError::new)?;
    let orphans = recovery::end_dialogs(&store, &voice, &clock).await.map_err(ServeError::new)?;
    if orphans > 0 {
        tracing::info!(orphans, "calls of the last run are being ended");
    }

    let world = world::build(&config, &prompts, &times, &messenger, staff.clone()).map_err(ServeError::new)?;
    let switchboard = Switchboard::new(world, IdSource::new(seed()?));
    let ids = IdSource::new(seed()?);
    let scrape = Scrape::install(store.clone()).map_err(ServeError::new)?;
    let mut measuring = JoinSet::new();
    measuring.spawn(scrape.upkeep());
    let (help, orders) = mpsc::channel(help::ORDERS_MAX);
    let (caller_ids, checker) = Checker::new(&config, clock).map_err(ServeError::new)?;
    let recording = match &keyring {
        Some(keyring) => {
            let (data, previous) = (&config.data.dir, Keyring::load_previous(&config).map_err(ServeError::new)?);
            let started = Recordings::start(store.clone(), clock, voice.clone(), keyring, previous.as_ref(), data).await;
            Some(started.map_err(ServeError::new)?)
        }
        None => None,
    };
    let recordings = recording.as_ref().map(Recorder::recordings);
    let parts = Parts {
        switchboard,
        store: store.clone(),
        voice: voice.clone(),
        voice_events,
        clock,
        ids,
        staff: staff.clone(),
        credentials,
        help,
        recordings: recordings.clone(),
        caller_ids,
    };
    let (engine, handle) = Engine::new(parts);
    let kept = handle.outlook().lines.iter().filter_map(|(line, of)| Some((line.clone(), of.hours.clone()?))).collect();
    hours::warn_of_unknown_years(&kept, clock.wall());
    let mut running = JoinSet::new();
    calls.spawn(&mut running, engine.run());
    let mut checking = JoinSet::new();
    if let Some(checker) = checker {
        checking.spawn(checker.run(handle.clone()));
    }
    let service = match &keyring {
        Some(keyring) => {
            let base = Base {
                store: store.clone(),
                engine: handle.clone(),
                clock,
                wallets,
                messenger,
                times: times.clone(),
                run: run.id,
            };
            Some(Service::start(&config, base, keyring, IdSource::new(seed()?), orders).await?)
        }
        None => None,
    };
    for member in staff.iter().filter(|member| registered.contains(&member.user)) {
        handle.post(Event::PhoneRegistered { agent: member.id }).await;
    }

    let (stop_hashing, hashing_stopped) = oneshot::channel();
    let mut hashing = JoinSet::new();
    hashing.spawn(Hasher::new(store.clone(), clock, keyring.as_ref(), &config).run(hashing_stopped));

    let directory = Directory::new(&config, store.clone(), clock, keyring.as_ref()).map_err(ServeError::new)?;
    directory.publish().await.map_err(ServeError::new)?;
    let (stop_publishing, publishing_stopped) = oneshot::channel();
    let mut publishing = JoinSet::new();
    publishing.spawn(directory.clone().run(publishing_stopped));

    let secure = config.http.is_secure();
    let banner = match demo.as_deref() {
        Some(demo) => Some(demo.banner(&config).await.map_err(ServeError::new)?),
        None => None,
    };
    let tls = config.http.tls.clone();
    let previous = Keyring::load_previous(&config).map_err(ServeError::new)?;
    let factors = keyring.as_ref().map(|keyring| web::Factors::new(keyring, previous.as_ref()));
    if config.staff.second_factor.is_empty() && !config.demo {
        tracing::warn!("staff log in with a password alone: name the roles that need a second factor in staff.second_factor");
    }
    let passes = service.as_ref().map(Service::passes);
    let refunds = service.as_ref().map(Service::refunds);
    let cases = service.as_ref().map(Service::cases);
    let visits = service.as_ref().map(Service::visits);
    let receipts = service.as_ref().map(Service::receipts);
    let state = web::State::new(
        config,
        store.clone(),
        handle.clone(),
        clock,
        prompts,
        times,
        directory,
        demo.clone(),
        passes,
        refunds,
        cases,
        visits,
        recordings,
        factors,
        receipts,
    );
    let servers =
        listen::Servers::start(public, web::router(state), tls, internal, telemetry::router(scrape.with(handle.clone())))
            .await
            .map_err(ServeError::new)?;
    let signals = Signals::listen()?;
    tracing::info!(secure, "walletline is up");
    if let Some(banner) = banner {
        println!("{banner}");
    }

    signals.wait_for_stop(&servers, &voice, (&store, &handle)).await;
    drain(&handle, running).await;
    servers.stop(CONNECTIONS_GRACE).await;
    if let Some(recording) = recording {
        recording.stop().await;
    }
    if let Some(service) = service {
        service.stop().await;
    }
    if let Some(demo) = demo {
        demo.wallet.stop().await;
    }
    drop(stop_publishing);
    publishing.join_next().await;
    // After the last commit, so that a clean stop leaves nothing unsigned.
    drop(stop_hashing);
    if timeout(HASHING_MAX, hashing.join_next()).await.is_err() {
        tracing::error!("the last entries of the audit log were not hashed in time: the next start does it");
    }
    Ok(())
}

/// The demo world: its wallet, its staff, and phones that keep what they receive.
async fn start_demo(config: &mut Config, store: &Store, clock: &Clock) -> Result<Arc<Demo>, ServeError> {
    demo::seed(config, store, clock).await.map_err(ServeError::new)?;
    let wallet = DemoWallet::start(config).await.map_err(ServeError::new)?;
    Ok(Arc::new(Demo { wallet, phones: DemoPhones::default() }))
}

/// Phones that were registered when the last run ended, so that they can be rung before they register again.
async fn phone_bindings(store: &Store, clock: &Clock) -> Result<Vec<Binding>, ServeError> {
    let now = clock.wall();
    let rows = store.sip_bindings().await.map_err(ServeError::new)?;
    let live = rows.into_iter().filter(|row| row.expires_at > now);
    Ok(live.filter_map(|row| serde_json::from_str(&row.binding).ok()).collect())
}

/// A seed for identifiers from the operating system.
fn seed() -> Result<u128, ServeError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| ServeError(format!("the system gives no randomness: {error}")))?;
    Ok(u128::from_le_bytes(bytes))
}

/// The signals this program answers. Listened for before it says that it is up: whoever reads that may stop it at once, cleanly.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> Result<Self, ServeError> {
        let listen = |kind| signal(kind).map_err(ServeError::new);
        let (terminate, interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
        Ok(Self { terminate, interrupt, hangup: listen(SignalKind::hangup())? })
    }

    /// Waits for SIGTERM or SIGINT; on SIGHUP reloads what can be reloaded without dropping calls.
    async fn wait_for_stop(mut self, servers: &listen::Servers, voice: &Voice, (store, handle): (&Store, &Handle)) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hangup.recv() => {
                    voice.reload_certificate();
                    servers.reload_certificate().await;
                    reload_staff(store, handle).await;
                }
            }
        }
    }
}

/// Members of staff as the store has them now: who was added, and who leads whom.
async fn reload_staff(store: &Store, handle: &Handle) {
    match store.staff().await {
        Ok(staff) => {
            for (_, member) in staff {
                handle.post(Event::StaffChanged(Box::new(member))).await;
            }
        }
        Err(error) => tracing::warn!(%error, "the staff cannot be read: send SIGHUP again when the store answers"),
    }
}

/// No new calls; live calls come to their end within the time the core's settings give them, and records are saved.
async fn drain(handle: &Handle, mut running: JoinSet<()>) {
    tracing::info!("stopping: no new calls, live calls come to their end");
    handle.post(Event::Drain).await;
    match timeout(STOP_MAX, running.join_next()).await {
        Ok(Some(Err(error))) => tracing::error!(%error, "the engine did not stop cleanly"),
        Ok(_) => {}
        Err(_) => tracing::error!("the engine did not stop in time: records that the store did not take are lost"),
    }
}
