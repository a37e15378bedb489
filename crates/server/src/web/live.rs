//! The desk's live connection: a snapshot, then every event for this desk with a number of its own, and the signalling of its
//! calls. Shows a desk its own offers and contacts and nobody else's. A desk that does not keep up is cut off; it comes back and
//! starts from a fresh snapshot.

use super::auth::{Ended, SameOrigin, Signed};
use super::error::Problem;
use super::state::State;
use super::wire::{self, FromDesk, Me, ToDesk};
use crate::engine::SdpRefused;
use axum::extract::State as Shared;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Instant, sleep_until, timeout};
use walletline_core::kernel::ids::{LegId, SessionId, StaffId};
use walletline_core::kernel::time::{Mono, Span};
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::live::LiveEvent;
use walletline_core::switchboard::viewer::{Seen, Viewer};

/// A browser's SDP with all its candidates has a few thousand bytes.
const MESSAGE_BYTES_MAX: usize = 64 * 1_024;

/// A desk that cannot take one message within this long is too slow to be shown the moment.
const SEND_MAX: Duration = Duration::from_secs(5);

/// A desk that said nothing for this long is gone, whatever its TCP connection says: twelve missed heartbeats.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// Heartbeats that come faster are answered but not told on.
const HEARTBEAT_MIN: Span = Span::from_s(1);

/// Calls one desk may be connecting at once; a desk has one.
const CONNECTING_MAX: usize = 2;

/// Opens the live connection.
#[utoipa::path(get, path = "/api/v1/live", operation_id = "connectLive", tag = "agent",
    description = "A WebSocket. The server sends `ToDesk` messages, a snapshot first; the desk sends `FromDesk` messages.",
    responses(
    (status = 101, description = "Connected."),
    (status = 400, description = "No WebSocket was asked for."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Opened by a page of another address."),
))]
pub(super) async fn connect(
    Shared(state): Shared<State>,
    _: SameOrigin,
    signed: Signed,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let sized = upgrade.max_message_size(MESSAGE_BYTES_MAX).max_frame_size(MESSAGE_BYTES_MAX);
    Ok(sized.on_upgrade(move |socket| async move {
        let takes_calls = signed.staff.role.takes_calls();
        let agent = signed.staff.id;
        if takes_calls && !state.desks.connected(agent, &state.engine).await {
            close(socket, close_code::AGAIN, "too many connections").await;
            return;
        }
        serve(&state, signed, socket).await;
        if takes_calls {
            state.desks.disconnected(agent, &state.engine).await;
        }
    }))
}

/// Why a connection ends.
enum End {
    /// The desk left, or cannot be reached.
    Gone,
    /// We end it, with a reason for the desk.
    Closed(u16, &'static str),
}

/// One live connection.
struct Desk<'a> {
    state: &'a State,
    socket: WebSocket,
    me: Me,
    agent: StaffId,
    session: SessionId,
    idle_max: Span,
    takes_calls: bool,
    viewer: Viewer,
    seq: u64,
    connecting: FuturesUnordered<BoxFuture<'a, (LegId, Result<String, SdpRefused>)>>,
    told_ended: Option<LegId>,
    beat_at: Option<Mono>,
}

async fn serve(state: &State, signed: Signed, socket: WebSocket) {
    let mut ended_sessions = state.auth.ended.subscribe();
    let left = signed.session.expires_at - state.clock.wall();
    let expiry = deadline(Duration::from_micros(left.0));
    let mut desk = Desk {
        state,
        socket,
        me: Me::from(&signed),
        agent: signed.staff.id,
        session: signed.session.id,
        idle_max: state.config.staff.limits(signed.staff.role).idle,
        takes_calls: signed.staff.role.takes_calls(),
        viewer: Viewer::new(&signed.staff),
        seq: 0,
        connecting: FuturesUnordered::new(),
        told_ended: None,
        beat_at: None,
    };
    let end = tokio::select! {
        end = desk.run() => end,
        () = sleep_until(expiry) => End::Closed(close_code::POLICY, "the session has run out"),
        () = left_alone(state, &signed) => End::Closed(close_code::POLICY, "the session was left alone"),
        () = logged_out(&mut ended_sessions, &signed) => End::Closed(close_code::POLICY, "logged out"),
    };
    if let End::Closed(code, reason) = end {
        close(desk.socket, code, reason).await;
    }
}

/// Waits until this session is ended. A receiver that fell behind cannot know, and says so.
async fn logged_out(ended: &mut broadcast::Receiver<Ended>, signed: &Signed) {
    let others = |ended| match ended {
        Ended::One(session) => session != signed.session.id,
        Ended::AllOf(staff) => staff != signed.staff.id,
    };
    while ended.recv().await.is_ok_and(others) {}
}

/// Waits until nobody used this session for too long. A desk that takes calls uses it by its heartbeats: who talks need not type.
async fn left_alone(state: &State, signed: &Signed) {
    let idle_max = state.config.staff.limits(signed.staff.role).idle;
    loop {
        match state.auth.idle_left(signed.session.id, idle_max, state.clock.now().mono) {
            Span(0) => return,
            left => sleep_until(deadline(Duration::from_micros(left.0))).await,
        }
    }
}

impl Desk<'_> {
    async fn run(&mut self) -> End {
        match self.talk().await {
            Err(end) => end,
            Ok(never) => match never {},
        }
    }

    async fn talk(&mut self) -> Result<std::convert::Infallible, End> {
        let mut events = self.snapshot().await?;
        let mut silent_at = deadline(SILENCE_MAX);
        loop {
            tokio::select! {
                message = self.socket.recv() => {
                    silent_at = deadline(SILENCE_MAX);
                    match message {
                        Some(Ok(Message::Text(text))) => {
                            if let Some(fresh) = self.heard(&text).await? {
                                events = fresh;
                            }
                        }
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Binary(_))) => return Err(End::Closed(close_code::UNSUPPORTED, "text only")),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
                    }
                }
                event = events.recv() => match event {
                    Ok(event) => {
                        if let Some(fresh) = self.show(&event).await? {
                            events = fresh;
                        }
                    }
                    Err(RecvError::Lagged(_)) => events = self.snapshot().await?,
                    Err(RecvError::Closed) => return Err(End::Closed(close_code::AWAY, "the hotline is stopping")),
                },
                Some((leg, outcome)) = self.connecting.next() => self.connected(leg, outcome).await?,
                () = sleep_until(silent_at) => return Err(End::Gone),
            }
        }
    }

    /// Sends everything as it is now; events go on from there.
    async fn snapshot(&mut self) -> Result<broadcast::Receiver<Arc<LiveEvent>>, End> {
        let subscribed = self.state.engine.subscribe().await;
        let (snapshot, events) = subscribed.ok_or(End::Closed(close_code::AWAY, "the hotline is stopping"))?;
        let message = ToDesk::Snapshot {
            seq: self.seq,
            state: Box::new((&self.viewer.look(&snapshot)).into()),
            me: self.me.clone(),
            server_time: self.state.clock.wall().into(),
        };
        self.send(&message).await?;
        Ok(events)
    }

    /// Sends an event when it belongs on this screen. Gives back a new subscription when everything had to be shown afresh.
    async fn show(&mut self, event: &LiveEvent) -> Result<Option<broadcast::Receiver<Arc<LiveEvent>>>, End> {
        match self.viewer.see(event) {
            Seen::Nothing => {}
            Seen::Afresh => return self.snapshot().await.map(Some),
            Seen::Event(event) => self.tell(event).await?,
            Seen::CallGone(contact) => self.tell(&LiveEvent::CallGone { contact }).await?,
        }
        Ok(None)
    }

    async fn tell(&mut self, event: &LiveEvent) -> Result<(), End> {
        self.seq += 1;
        let message = ToDesk::Event { seq: self.seq, event: Box::new(event.into()) };
        self.send(&message).await?;
        let over = match event {
            LiveEvent::ContactChanged { contact } if contact.ended_at.is_some() => contact.id,
            LiveEvent::ContactGone { contact, agent } if *agent == self.agent => *contact,
            _ => return Ok(()),
        };
        match self.state.desks.leg_of(self.agent, over) {
            Some(leg) => self.leg_ended(leg).await,
            None => Ok(()),
        }
    }

    async fn leg_ended(&mut self, leg: LegId) -> Result<(), End> {
        if self.told_ended.replace(leg) == Some(leg) {
            return Ok(());
        }
        self.send(&ToDesk::RtcEnded { leg: leg.to_string() }).await
    }

    /// Acts on a message of the desk. Gives back a new subscription when the desk asked for a snapshot.
    async fn heard(&mut self, text: &str) -> Result<Option<broadcast::Receiver<Arc<LiveEvent>>>, End> {
        let message = serde_json::from_str(text).map_err(|_| End::Closed(close_code::INVALID, "not a message of this API"))?;
        match message {
            FromDesk::Resync => return self.snapshot().await.map(Some),
            FromDesk::Heartbeat => self.heartbeat().await?,
            FromDesk::RtcOffer { leg, sdp } => match leg.parse::<LegId>() {
                Ok(leg) if self.takes_calls && self.connecting.len() < CONNECTING_MAX => {
                    let (state, agent) = (self.state, self.agent);
                    self.connecting.push(Box::pin(async move { (leg, state.engine.connect_desk(agent, leg, sdp).await) }));
                }
                _ => return Err(End::Closed(close_code::POLICY, "no call is expected on this leg")),
            },
        }
        Ok(None)
    }

    async fn heartbeat(&mut self) -> Result<(), End> {
        let now = self.state.clock.now().mono;
        if self.takes_calls && self.beat_at.is_none_or(|last| now - last >= HEARTBEAT_MIN) {
            self.beat_at = Some(now);
            self.state.auth.see(self.session, self.idle_max, now);
            self.state.engine.post(Event::DeskHeartbeat { agent: self.agent }).await;
        }
        self.send(&ToDesk::Pong).await
    }

    async fn connected(&mut self, leg: LegId, outcome: Result<String, SdpRefused>) -> Result<(), End> {
        match outcome {
            Ok(sdp) => self.send(&ToDesk::RtcAnswer { leg: leg.to_string(), sdp }).await,
            Err(_) => {
                tracing::info!(%leg, "a desk's leg was not connected: its offer was not expected, or cannot be answered");
                self.leg_ended(leg).await
            }
        }
    }

    async fn send(&mut self, message: &ToDesk) -> Result<(), End> {
        let text = serde_json::to_string(message).map_err(|_| End::Closed(close_code::ERROR, "internal error"))?;
        match timeout(SEND_MAX, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    let _gone_already = timeout(SEND_MAX, socket.send(Message::Close(Some(frame)))).await;
}

#[expect(clippy::disallowed_methods, reason = "a timer of this connection; no decision depends on it")]
fn deadline(after: Duration) -> Instant {
    Instant::now() + after
}
