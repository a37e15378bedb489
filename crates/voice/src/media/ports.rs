//! Media ports: even ones of the configured range, taken at random so that a port says nothing about the next one, and a
//! call's late packets do not reach the call that follows it. The odd one beside is for RTCP.

use super::MediaError;
use crate::datagrams::Datagrams;
use socket2::{Domain, Protocol, Socket, Type};
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;

/// Receive buffer of one leg, bytes. The kernel charges about 1 KiB for a small packet and doubles what is asked for, so this
/// holds two seconds of audio while a busy machine does something else.
const RECEIVE_BUFFER: usize = 64 * 1024;

/// Receive buffer of RTCP, bytes: a packet comes every few seconds.
const CONTROL_RECEIVE_BUFFER: usize = 4 * 1024;

/// Binds a free even port. Tries them all before giving up, starting at a random one.
pub(super) fn bind(ip: IpAddr, ports: &RangeInclusive<u16>) -> Result<Datagrams, MediaError> {
    first_free(ports, |port| open(SocketAddr::new(ip, port), RECEIVE_BUFFER))
}

/// Binds a free even port and the odd one that follows it, likewise.
pub(super) fn bind_pair(ip: IpAddr, ports: &RangeInclusive<u16>) -> Result<[Datagrams; 2], MediaError> {
    first_free(ports, |port| {
        let media = open(SocketAddr::new(ip, port), RECEIVE_BUFFER)?;
        // An even port is not the last one.
        Ok([media, open(SocketAddr::new(ip, port + 1), CONTROL_RECEIVE_BUFFER)?])
    })
}

/// Tries the even ports whose neighbour is in the range too.
fn first_free<T>(ports: &RangeInclusive<u16>, open: impl Fn(u16) -> std::io::Result<T>) -> Result<T, MediaError> {
    let first = ports.start().next_multiple_of(2);
    let count = ports.end().checked_sub(first).map_or(0, |span| u32::from(span).div_ceil(2));
    if count == 0 {
        return Err(MediaError::NoFreePort);
    }
    let start = random_u32()? % count;
    for step in 0..count {
        let index = (start + step) % count;
        // Below the range's end, which is a u16.
        let port = first + (index * 2) as u16;
        match open(port) {
            Ok(opened) => return Ok(opened),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(MediaError::Socket(error)),
        }
    }
    Err(MediaError::NoFreePort)
}

fn open(address: SocketAddr, receive_buffer: usize) -> std::io::Result<Datagrams> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    socket.set_recv_buffer_size(receive_buffer)?;
    socket.bind(&address.into())?;
    Datagrams::new(socket)
}

/// A random number from the operating system.
pub(super) fn random_u32() -> Result<u32, MediaError> {
    getrandom::u32().map_err(|_| MediaError::NoRandomness)
}

#[cfg(test)]
mod tests {
    //! Below what the operating system gives to those who ask for any port, and outside what other tests take.

    use super::*;
    use std::net::Ipv4Addr;

    #[tokio::test]
    async fn only_even_ports_of_the_range_are_taken_and_each_once() {
        let ports = 32_001..=32_009;
        let sockets: Vec<_> = (0..4).map(|_| bind(Ipv4Addr::LOCALHOST.into(), &ports).unwrap()).collect();
        let mut taken: Vec<_> = sockets.iter().map(|s| s.local_addr().unwrap().port()).collect();
        taken.sort_unstable();
        assert_eq!(taken, [32_002, 32_004, 32_006, 32_008]);
        assert!(matches!(bind(Ipv4Addr::LOCALHOST.into(), &ports), Err(MediaError::NoFreePort)));
        assert!(matches!(bind(Ipv4Addr::LOCALHOST.into(), &(32_011..=32_011)), Err(MediaError::NoFreePort)));
    }

    #[tokio::test]
    async fn a_pair_is_free_where_both_of_it_are() {
        let ip = Ipv4Addr::LOCALHOST.into();
        let ports = 32_021..=32_028;
        let taken = [32_023, 32_024].map(|port| open(SocketAddr::new(ip, port), RECEIVE_BUFFER).unwrap());
        let pair = bind_pair(ip, &ports).unwrap();
        assert_eq!(pair.each_ref().map(|socket| socket.local_addr().unwrap().port()), [32_026, 32_027]);
        assert!(matches!(bind_pair(ip, &ports), Err(MediaError::NoFreePort)));
        drop(taken);
        assert!(bind_pair(ip, &ports).is_ok());
    }
}
