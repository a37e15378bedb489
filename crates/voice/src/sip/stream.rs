//! The task of one TCP or TLS connection: reads messages for the receiving task, writes what is queued, and ends when the far end
//! closes, breaks the framing, is silent or slow for too long, or does not read. What is queued when it ends is lost.

use super::counters::Counters;
use super::flow::{Flow, Outbox};
use super::framing::{Frame, Framer};
use super::guard::{Guard, Refusal};
use super::streams::{Inbound, StreamLimits};
use rsipstack::transport::TransportEvent;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// Read at once.
const CHUNK_BYTES: usize = 4 * 1024;
/// Kept for a far end that does not read. A busy trunk's burst of a hundred messages is a fifth of it.
const UNSENT_BYTES_MAX: usize = 256 * 1024;
/// How long the last answer before a connection is closed may take to leave.
const LAST_ANSWER_MAX: Duration = Duration::from_secs(1);

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The far end closed it, reset it, or the network did.
    Closed,
    /// Nothing, or too little, came for too long.
    Silent,
    /// What came could not be cut into messages.
    Unframed,
    /// What we send is not read.
    Unread,
}

/// What a connection's task works with.
pub(super) struct Line<'a> {
    pub(super) flow: &'a Arc<Flow>,
    pub(super) inbound: &'a mpsc::Sender<Inbound>,
    pub(super) guard: &'a Guard,
    pub(super) limits: StreamLimits,
    pub(super) counters: &'a Counters,
}

impl Line<'_> {
    /// Carries messages until the connection ends.
    pub(super) async fn run(&self, stream: impl AsyncRead + AsyncWrite + Unpin, outbox: Outbox) -> End {
        let (reader, writer) = tokio::io::split(stream);
        tokio::select! {
            end = self.read(reader) => end,
            end = self.write(writer, outbox) => end,
            () = self.flow.lost.cancelled() => End::Unread,
        }
    }

    async fn read(&self, mut reader: impl AsyncRead + Unpin) -> End {
        let (mut framer, mut chunk) = (Framer::default(), vec![0_u8; CHUNK_BYTES]);
        let mut deadline = Instant::now() + self.limits.silent;
        loop {
            let length = match timeout_at(deadline, reader.read(&mut chunk)).await {
                Err(_) => return End::Silent,
                Ok(Ok(0) | Err(_)) => return End::Closed,
                Ok(Ok(length)) => length,
            };
            let was_within = framer.is_within_message();
            framer.push(&chunk[..length]);
            let mut complete = false;
            loop {
                match framer.next() {
                    Ok(Some(Frame::Ping)) => self.flow.answer(b"\r\n".to_vec()),
                    Ok(Some(Frame::Message(message))) => {
                        let inbound = Inbound { message, flow: Arc::clone(self.flow) };
                        if self.inbound.send(inbound).await.is_err() {
                            return End::Closed;
                        }
                    }
                    Ok(None) => break,
                    Err(why) => {
                        self.refuse(framer.rest(), why.status()).await;
                        return End::Unframed;
                    }
                }
                complete = true;
            }
            // A message that has begun must end in time however it trickles in.
            deadline = match framer.is_within_message() {
                true if was_within && !complete => deadline,
                true => Instant::now() + self.limits.message,
                false => Instant::now() + if self.flow.is_kept() { self.limits.kept } else { self.limits.silent },
            };
        }
    }

    /// Tells the far end why its connection is closed, where that can be told.
    async fn refuse(&self, message: &[u8], status: Option<&str>) {
        Counters::add(&self.counters.messages_received);
        let answerable = !message.starts_with(b"ACK ") && !message.starts_with(b"SIP/");
        let refusal = status.filter(|_| answerable).map(|status| Refusal { status, fields: &[] });
        match refusal.and_then(|refusal| self.guard.refuse(message, self.flow.peer.address, refusal)) {
            Some(answer) => {
                Counters::add(&self.counters.messages_refused);
                self.flow.answer(answer);
                sleep(LAST_ANSWER_MAX).await;
            }
            None => Counters::add(&self.counters.messages_dropped),
        }
    }

    async fn write(&self, mut writer: impl AsyncWrite + Unpin, mut outbox: Outbox) -> End {
        let (mut unsent, mut unflushed) = (Vec::<u8>::new(), false);
        let mut deadline = Instant::now();
        loop {
            let waits = !unsent.is_empty() || unflushed;
            tokio::select! {
                Some(answer) = outbox.answers.recv() => unsent.extend_from_slice(&answer),
                Some(event) = outbox.messages.recv() => {
                    Counters::add(&self.counters.messages_sent);
                    queue(&mut unsent, event);
                }
                written = push(&mut writer, &unsent), if waits => match written {
                    Ok(length) => {
                        unsent.drain(..length);
                        unflushed = length > 0;
                        deadline = Instant::now() + self.limits.unread;
                    }
                    Err(_) => return End::Closed,
                },
                () = sleep_until(deadline), if waits => return End::Unread,
            }
            if !waits {
                deadline = Instant::now() + self.limits.unread;
            }
            if unsent.len() > UNSENT_BYTES_MAX {
                return End::Unread;
            }
        }
    }
}

fn queue(unsent: &mut Vec<u8>, event: TransportEvent) {
    match event {
        TransportEvent::Incoming(message, _, _) => unsent.extend_from_slice(&message.to_bytes()),
        // The layer tells of its own connections so; these are ours.
        TransportEvent::New(_) | TransportEvent::Closed(_) => {}
    }
}

/// Writes some of what is unsent, or flushes what an encrypted stream still holds; may be given up at any moment.
async fn push(writer: &mut (impl AsyncWrite + Unpin), unsent: &[u8]) -> io::Result<usize> {
    if unsent.is_empty() {
        writer.flush().await?;
        return Ok(0);
    }
    match writer.write(unsent).await? {
        0 => Err(io::ErrorKind::WriteZero.into()),
        length => Ok(length),
    }
}
