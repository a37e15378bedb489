//! A wire to PostgreSQL that fails at the worst moment: between a transaction that is durable and whoever waits to hear of it, or
//! just before. It listens on this machine alone, and strikes once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How the wire fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The transaction is durable; its connection falls silent.
    AnswerSwallowed,
    /// The transaction is durable; its connection breaks.
    AnswerCutOff,
    /// The connection breaks before the server is told to commit.
    CommitCutOff,
    /// The connection falls silent before the server is told to commit, and the server does not notice.
    CommitSwallowed,
    /// The transaction is durable; from then on every connection is silent, until the wire is mended.
    AllSilent,
}

impl Fault {
    /// Strikes on what the server says; else on what it is told.
    const fn strikes_answers(self) -> bool {
        matches!(self, Self::AnswerSwallowed | Self::AnswerCutOff | Self::AllSilent)
    }

    const fn breaks(self) -> bool {
        matches!(self, Self::AnswerCutOff | Self::CommitCutOff)
    }
}

/// What the wire does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Sound,
    /// It fails at the next COMMIT.
    Armed(Fault),
    /// It failed; all else is sound again.
    Struck,
    /// It failed, and nothing passes.
    Dead,
}

/// The wire.
pub(crate) struct Wire {
    port: u16,
    state: Arc<watch::Sender<State>>,
    _listening: JoinSet<()>,
}

impl Wire {
    /// A sound wire to the server at this socket.
    pub(crate) async fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(watch::Sender::new(State::Sound));
        let mut listening = JoinSet::new();
        let shared = Arc::clone(&state);
        listening.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(carry(client, socket.clone(), Arc::clone(&shared)));
            }
        });
        Self { port, state, _listening: listening }
    }

    /// `store.url` of a database behind it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://walletline@127.0.0.1:{}/{database}", self.port)
    }

    /// Fails at the next COMMIT.
    pub(crate) fn arm(&self, fault: Fault) {
        self.state.send_replace(State::Armed(fault));
    }

    /// Waits until it failed.
    pub(crate) async fn struck(&self) {
        let mut state = self.state.subscribe();
        state.wait_for(|state| matches!(state, State::Struck | State::Dead)).await.unwrap();
    }

    pub(crate) fn mend(&self) {
        self.state.send_replace(State::Struck);
    }
}

/// Carries one connection. Nothing that it swallows is ever delivered.
async fn carry(mut client: TcpStream, socket: PathBuf, state: Arc<watch::Sender<State>>) {
    let mut server = reach(&socket).await;
    let (mut said, mut told) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        let (is_answer, read) = tokio::select! {
            read = server.read(&mut said) => (true, read),
            read = client.read(&mut told) => (false, read),
        };
        let Ok(length @ 1..) = read else { return };
        let bytes = if is_answer { &said[..length] } else { &told[..length] };
        if let Some(fault) = strike(bytes, is_answer, &state) {
            if fault.breaks() {
                return;
            }
            // Both ends stay open: neither notices anything.
            return std::future::pending().await;
        }
        if *state.borrow() == State::Dead {
            let mut mended = state.subscribe();
            let _ = mended.wait_for(|state| *state != State::Dead).await;
            return;
        }
        let carried = if is_answer { client.write_all(bytes).await } else { server.write_all(bytes).await };
        if carried.is_err() {
            return;
        }
    }
}

/// Whether the wire fails at these bytes: the words for a transaction's end, the server's own when it is told of, the client's when
/// it is first said on a connection.
fn strike(bytes: &[u8], is_answer: bool, state: &watch::Sender<State>) -> Option<Fault> {
    let word = b"COMMIT\0";
    if !bytes.windows(word.len()).any(|part| part == word) {
        return None;
    }
    let mut struck = None;
    state.send_if_modified(|state| match *state {
        State::Armed(fault) if fault.strikes_answers() == is_answer => {
            struck = Some(fault);
            *state = if fault == Fault::AllSilent { State::Dead } else { State::Struck };
            true
        }
        State::Armed(_) | State::Sound | State::Struck | State::Dead => false,
    });
    struck
}

async fn reach(socket: &Path) -> UnixStream {
    UnixStream::connect(socket).await.expect("the server is there")
}
