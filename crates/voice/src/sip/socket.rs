//! The SIP socket. Sending never waits: a datagram the kernel will not take at once is lost like any other, and the
//! retransmission timers make up for it. So nothing that the transaction layer does with this socket can block a task.

use super::counters::Counters;
use crate::datagrams::Datagrams;
use rsipstack::platform::net::UdpSocket as StackSocket;
use socket2::{Domain, Protocol, Socket, Type};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

/// Asked of the kernel for datagrams not yet read: about two seconds of 1,000 calls a second. It may give less.
const RECEIVE_BUFFER_BYTES: usize = 8 * 1024 * 1024;
/// Asked of the kernel for datagrams not yet sent.
const SEND_BUFFER_BYTES: usize = 2 * 1024 * 1024;

type StackResult<T> = Result<T, rsipstack::Error>;

/// The socket and the counts of what goes through it.
pub(super) struct SipSocket {
    socket: Datagrams,
    counters: Arc<Counters>,
}

impl SipSocket {
    /// Binds the socket. Fails where the address is taken or not ours.
    pub(super) fn bind(address: SocketAddr, counters: Arc<Counters>) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_nonblocking(true)?;
        // The sizes are wishes: a kernel that refuses them still works, with less room for bursts.
        let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES);
        let _ = socket.set_send_buffer_size(SEND_BUFFER_BYTES);
        socket.bind(&address.into())?;
        Ok(Self { socket: Datagrams::new(socket)?, counters })
    }

    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    pub(super) async fn receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.socket.recv_from(buffer).await
    }

    /// Sends or loses one datagram.
    pub(super) fn send(&self, datagram: &[u8], to: SocketAddr) {
        match self.socket.send_to(datagram, &to.into()) {
            Ok(_) => Counters::add(&self.counters.messages_sent),
            Err(_) => Counters::add(&self.counters.send_failures),
        }
    }
}

// Written out as `async_trait` would expand it: one trait is not worth the macro.
impl StackSocket for SipSocket {
    fn recv_from<'s, 'b, 'f>(
        &'s self,
        buffer: &'b mut [u8],
    ) -> Pin<Box<dyn Future<Output = StackResult<(usize, SocketAddr)>> + Send + 'f>>
    where
        's: 'f,
        'b: 'f,
        Self: 'f,
    {
        Box::pin(async move { Ok(self.receive(buffer).await?) })
    }

    fn send_to<'s, 'b, 'f>(
        &'s self,
        datagram: &'b [u8],
        to: SocketAddr,
    ) -> Pin<Box<dyn Future<Output = StackResult<usize>> + Send + 'f>>
    where
        's: 'f,
        'b: 'f,
        Self: 'f,
    {
        Box::pin(async move {
            self.send(datagram, to);
            Ok(datagram.len())
        })
    }

    fn local_addr(&self) -> StackResult<SocketAddr> {
        Ok(self.address()?)
    }
}
