//! How many datagrams of 172 bytes a second one core can take in and pass on, as the limit of what a media server could reach here.
//!
//! udplimit batch SECONDS      one socket in, one out, 64 datagrams a system call
//! udplimit legs N SECONDS     N pairs of sockets, one a leg; a receive and a send for each datagram
//! udplimit legsb N SECONDS    the same with as many datagrams a system call as are waiting
//!
//! The relay runs on the first core, generator and sink on the second; what counts is the relay's own CPU time.
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};
use std::sync::Arc;
const LEN: usize = 172;
const B: usize = 64;
fn pin(c: usize) { unsafe { let mut s: libc::cpu_set_t = std::mem::zeroed(); libc::CPU_SET(c, &mut s); libc::sched_setaffinity(0, std::mem::size_of_val(&s), &s); } }
fn sa(p: u16) -> libc::sockaddr_in { libc::sockaddr_in { sin_family: 2, sin_port: p.to_be(), sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes([127, 0, 0, 1]) }, sin_zero: [0; 8] } }
fn sock(p: u16) -> i32 { unsafe {
    let f = libc::socket(2, libc::SOCK_DGRAM | libc::SOCK_NONBLOCK, 0);
    let v = 4i32 << 20; libc::setsockopt(f, libc::SOL_SOCKET, libc::SO_RCVBUF, &v as *const _ as *const _, 4);
    let a = sa(p); assert_eq!(libc::bind(f, &a as *const _ as *const _, 16), 0, "bind {p}"); f } }
fn port(f: i32) -> u16 { unsafe { let mut a = sa(0); let mut l = 16u32; libc::getsockname(f, &mut a as *mut _ as *mut _, &mut l); u16::from_be(a.sin_port) } }
fn cpu() -> (f64, f64) { unsafe { let mut r: libc::rusage = std::mem::zeroed(); libc::getrusage(libc::RUSAGE_THREAD, &mut r);
    (r.ru_utime.tv_sec as f64 + r.ru_utime.tv_usec as f64 / 1e6, r.ru_stime.tv_sec as f64 + r.ru_stime.tv_usec as f64 / 1e6) } }
struct Mm { bufs: Vec<[u8; 256]>, iov: Vec<libc::iovec>, m: Vec<libc::mmsghdr>, names: Vec<libc::sockaddr_in> }
impl Mm { fn new(dst: Option<u16>) -> Box<Mm> { unsafe {
    let mut x = Box::new(Mm { bufs: vec![[0u8; 256]; B], iov: vec![], m: vec![], names: vec![sa(dst.unwrap_or(0)); B] });
    for i in 0..B { let p = x.bufs[i].as_mut_ptr(); x.iov.push(libc::iovec { iov_base: p as *mut _, iov_len: 256 }); }
    for i in 0..B { let mut h: libc::mmsghdr = std::mem::zeroed(); h.msg_hdr.msg_iov = &mut x.iov[i]; h.msg_hdr.msg_iovlen = 1;
        if dst.is_some() { h.msg_hdr.msg_name = &mut x.names[i] as *mut _ as *mut _; h.msg_hdr.msg_namelen = 16; } x.m.push(h); }
    x } } }
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let mode = a[1].as_str();
    let (n, secs): (usize, u64) = if mode == "batch" { (1, a[2].parse().unwrap()) } else { (a[2].parse().unwrap(), a[3].parse().unwrap()) };
    let batch_legs = mode == "legsb";
    let stop = Arc::new(AtomicBool::new(false));
    let (sent, got) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let ins: Vec<i32> = (0..n).map(|_| sock(0)).collect();
    let outs: Vec<i32> = (0..n).map(|_| sock(0)).collect();
    let sink = sock(0);
    let sp = port(sink);
    let in_ports: Vec<u16> = ins.iter().map(|f| port(*f)).collect();
    let h = { let (stop, sent, got) = (stop.clone(), sent.clone(), got.clone()); std::thread::spawn(move || { pin(1);
        let f = sock(0); let mut s = Mm::new(Some(1)); for v in s.iov.iter_mut() { v.iov_len = LEN }
        let mut r = Mm::new(None); let mut k = 0usize;
        while !stop.load(Relaxed) { unsafe {
            for i in 0..B { s.names[i].sin_port = in_ports[k % n].to_be(); k += 1; }
            let w = libc::sendmmsg(f, s.m.as_mut_ptr(), B as u32, 0); if w > 0 { sent.fetch_add(w as u64, Relaxed); }
            loop { let g = libc::recvmmsg(sink, r.m.as_mut_ptr(), B as u32, 0, std::ptr::null_mut()); if g <= 0 { break } got.fetch_add(g as u64, Relaxed); if (g as usize) < B { break } }
        } } }) };
    let r = { let stop = stop.clone(); std::thread::spawn(move || { pin(0);
        let mut fwd = 0u64; let mut m = Mm::new(None); let dst = sa(sp);
        let ep = unsafe { libc::epoll_create1(0) };
        for (i, f) in ins.iter().enumerate() { let mut e = libc::epoll_event { events: libc::EPOLLIN as u32, u64: i as u64 }; unsafe { libc::epoll_ctl(ep, libc::EPOLL_CTL_ADD, *f, &mut e); } }
        let mut ev = vec![libc::epoll_event { events: 0, u64: 0 }; 256]; let mut b = [0u8; 256];
        let c0 = cpu();
        while !stop.load(Relaxed) { unsafe {
            if mode_batch(n) { pollin(ins[0]); fwd += shift(ins[0], outs[0], &mut m, &dst); continue }
            let k = libc::epoll_wait(ep, ev.as_mut_ptr(), 256, 100);
            for e in ev.iter().take(k.max(0) as usize) { let i = e.u64 as usize;
                if batch_legs { fwd += shift(ins[i], outs[i], &mut m, &dst); }
                else { let g = libc::recv(ins[i], b.as_mut_ptr() as *mut _, 256, 0);
                    if g > 0 && libc::sendto(outs[i], b.as_ptr() as *const _, g as usize, 0, &dst as *const _ as *const _, 16) > 0 { fwd += 1 } }
            } } }
        let c1 = cpu(); (fwd, c1.0 - c0.0, c1.1 - c0.1) }) };
    std::thread::sleep(std::time::Duration::from_secs(secs));
    stop.store(true, SeqCst);
    let (fwd, u, s) = r.join().unwrap(); h.join().unwrap();
    println!("{{\"mode\":\"{mode}\",\"sockets\":{n},\"secs\":{secs},\"offered_pps\":{:.0},\"forwarded_pps\":{:.0},\"relay_cpu_s\":{:.3},\"pps_per_cpu_second\":{:.0},\"us_per_packet\":{:.3},\"sink_pps\":{:.0}}}",
        sent.load(SeqCst) as f64 / secs as f64, fwd as f64 / secs as f64, u + s, fwd as f64 / (u + s), (u + s) * 1e6 / fwd as f64, got.load(SeqCst) as f64 / secs as f64);
}
fn mode_batch(n: usize) -> bool { n == 1 }
unsafe fn pollin(f: i32) { let mut p = libc::pollfd { fd: f, events: libc::POLLIN, revents: 0 }; libc::poll(&mut p, 1, 100); }
unsafe fn shift(i: i32, o: i32, m: &mut Mm, dst: &libc::sockaddr_in) -> u64 {
    for k in 0..B { m.iov[k].iov_len = 256; m.m[k].msg_hdr.msg_name = std::ptr::null_mut(); m.m[k].msg_hdr.msg_namelen = 0; }
    let g = libc::recvmmsg(i, m.m.as_mut_ptr(), B as u32, 0, std::ptr::null_mut());
    if g <= 0 { return 0 }
    for k in 0..g as usize { m.iov[k].iov_len = m.m[k].msg_len as usize; m.m[k].msg_hdr.msg_name = dst as *const _ as *mut _; m.m[k].msg_hdr.msg_namelen = 16; }
    let w = libc::sendmmsg(o, m.m.as_mut_ptr(), g as u32, 0);
    if w > 0 { w as u64 } else { 0 }
}
