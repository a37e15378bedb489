//! A UDP socket whose task is woken by what comes and by nothing else. The kernel tells of every datagram that has left, too, to who
//! waits for room to send; nobody here does, because what the kernel will not take at once is lost like any other datagram.

use socket2::{SockAddr, SockRef, Socket};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A bound socket, read by tasks of the runtime in which it was made.
#[derive(Debug)]
pub(crate) struct Datagrams(AsyncFd<UdpSocket>);

impl Datagrams {
    /// Takes a bound socket that does not block.
    #[expect(
        deprecated,
        reason = "its successor is unsafe for the sake of descriptors that change; a socket of the standard library keeps its own"
    )]
    pub(crate) fn new(socket: Socket) -> io::Result<Self> {
        Ok(Self(AsyncFd::with_interest(socket.into(), Interest::READABLE)?))
    }

    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().local_addr()
    }

    pub(crate) async fn recv_from(&self, room: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.0.async_io(Interest::READABLE, |socket| socket.recv_from(room)).await
    }

    pub(crate) fn try_recv_from(&self, room: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.0.try_io(Interest::READABLE, |socket| socket.recv_from(room))
    }

    /// Waits until something is there to be read.
    pub(crate) async fn readable(&self) -> io::Result<()> {
        self.0.readable().await.map(|_still_ready| ())
    }

    /// Sends at once or not at all.
    pub(crate) fn send_to(&self, datagram: &[u8], to: &SockAddr) -> io::Result<usize> {
        SockRef::from(self.0.get_ref()).send_to(datagram, to)
    }
}
