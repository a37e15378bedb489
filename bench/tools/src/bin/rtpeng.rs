//! The far ends of all audio in a benchmark: one process holds the media ports of every caller and every agent, so that loss, transit and
//! the times between events are read from one clock. SIPp sets the calls up and says through FIFOs what happens.
//!
//! rtpeng --fifo PATH [--fifo PATH..] --report FILE [--caller BASE --agent BASE --ports N]
//!
//! A line is a word and `name=value`s:
//!   INVITE from= lport=        RING from= agent= lport=
//!   START side=caller|agent from= lport= rport=     STOP lport=     DTMF lport= digit=
//!   MARK (forget what was counted so far)           QUIT
//! Each packet bears a mark, the number of its sender's stream, a counter and the time it was sent. A payload that comes through
//! untouched tells who sent it, what was lost and how long it took; one without the mark (a prompt, music, something transcoded) is
//! counted as opaque. A call is known by the last four digits of its caller's number, because phones are shown no more of it.
use std::collections::HashMap;
use std::io::Write;
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);
extern "C" fn on_sig(_: i32) { STOP.store(true, Ordering::SeqCst); }

const MAGIC: u64 = 0x5254_5045_4e47_3031;
const PTIME_NS: u64 = 20_000_000;

fn now() -> u64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut t) };
    t.tv_sec as u64 * 1_000_000_000 + t.tv_nsec as u64
}

#[derive(Default)]
struct Port {
    fd: RawFd, active: bool, agent: bool, uid: u32, from: String, dst: u16,
    ssrc: u32, seq: u16, ts: u32, n: u32, due: u64, gen: u32,
    dtmf: Option<(u8, u32, u16)>,
    // received in this activation
    opaque: u64, marked: u64, src: u32, first: u32, last: u32, last_rx: u64,
}

#[derive(Default, Clone)]
struct Ev { invite: u64, answer: u64, digit: u64, ring: u64, agent_up: u64, at_caller: u64, at_agent: u64 }

#[derive(Default)]
struct Tot {
    sent: u64, opaque: u64, marked: u64, lost: u64, streams: u64, streams_unbridged: u64, gaps60: u64, send_err: u64,
    late_ticks: u64, stray: u64, lat: Vec<u32>, max_active: usize, dup_or_ooo: u64,
}

fn pct(v: &mut Vec<f64>) -> String {
    if v.is_empty() { return "null".into(); }
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let q = |p: f64| v[((v.len() - 1) as f64 * p).round() as usize];
    format!("{{\"n\":{},\"p50\":{:.3},\"p90\":{:.3},\"p99\":{:.3},\"max\":{:.3}}}", v.len(), q(0.5), q(0.9), q(0.99), q(1.0))
}

fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (mut fifos, mut report, mut cb, mut ab, mut np) = (vec![], String::from("/dev/stdout"), 20000u16, 40000u16, 2500usize);
    let mut i = 1;
    while i < a.len() {
        let v = a.get(i + 1).cloned().unwrap_or_default();
        match a[i].as_str() {
            "--fifo" => fifos.push(v), "--report" => report = v,
            "--caller" => cb = v.parse().unwrap(), "--agent" => ab = v.parse().unwrap(), "--ports" => np = v.parse().unwrap(),
            x => panic!("unknown {x}"),
        }
        i += 2;
    }
    unsafe {
        libc::signal(libc::SIGTERM, on_sig as *const () as usize);
        libc::signal(libc::SIGINT, on_sig as *const () as usize);
    }
    let ep = unsafe { libc::epoll_create1(0) };
    let add = |fd: RawFd, key: u64| unsafe {
        let mut e = libc::epoll_event { events: libc::EPOLLIN as u32, u64: key };
        assert_eq!(libc::epoll_ctl(ep, libc::EPOLL_CTL_ADD, fd, &mut e), 0);
    };
    let mut ports: Vec<Port> = Vec::new();
    let mut by_port: HashMap<u16, usize> = HashMap::new();
    for (base, agent) in [(cb, false), (ab, true)] {
        for k in 0..np {
            let port = base + (4 * k) as u16;
            unsafe {
                let fd = libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_NONBLOCK, 0);
                let sa = addr(port);
                if libc::bind(fd, &sa as *const _ as *const libc::sockaddr, 16) != 0 {
                    eprintln!("rtpeng: cannot bind {port}: {}", std::io::Error::last_os_error());
                    std::process::exit(1);
                }
                add(fd, ports.len() as u64);
                by_port.insert(port, ports.len());
                ports.push(Port { fd, agent, ..Default::default() });
            }
        }
    }
    let mut ffd = vec![];
    for f in &fifos {
        let c = std::ffi::CString::new(f.as_str()).unwrap();
        let fd = unsafe { libc::open(c.as_ptr(), libc::O_RDWR | libc::O_NONBLOCK) };
        assert!(fd >= 0, "open {f}");
        add(fd, 1 << 40 | ffd.len() as u64);
        ffd.push((fd, Vec::<u8>::new()));
    }
    eprintln!("rtpeng: ready, {} ports", ports.len());

    let mut tot = Tot::default();
    let mut evs: HashMap<String, Ev> = HashMap::new();
    let mut uid_from: Vec<String> = vec![String::new()];
    let mut active = 0usize;
    // wheel of 1 ms slots
    let mut wheel: Vec<Vec<(usize, u32)>> = (0..64).map(|_| vec![]).collect();
    let mut tick = now() / 1_000_000;
    let mut evbuf: Vec<libc::epoll_event> = vec![libc::epoll_event { events: 0, u64: 0 }; 512];
    let mut buf = [0u8; 2048];
    'main: loop {
        if STOP.load(Ordering::SeqCst) { break; }
        let n = unsafe { libc::epoll_wait(ep, evbuf.as_mut_ptr(), 512, if active == 0 { 5 } else { 1 }) };
        for e in evbuf.iter().take(n.max(0) as usize) {
            let key = e.u64;
            if key & (1 << 40) != 0 {
                let k = (key & 0xffff) as usize;
                let mut b = [0u8; 65536];
                let r = unsafe { libc::read(ffd[k].0, b.as_mut_ptr() as *mut _, b.len()) };
                if r <= 0 { continue; }
                ffd[k].1.extend_from_slice(&b[..r as usize]);
                while let Some(p) = ffd[k].1.iter().position(|c| *c == b'\n') {
                    let line: Vec<u8> = ffd[k].1.drain(..=p).collect();
                    let line = String::from_utf8_lossy(&line).trim().to_string();
                    let t = now();
                    let mut w = line.split_whitespace();
                    let verb = w.next().unwrap_or("");
                    let kv: HashMap<&str, &str> = w.filter_map(|x| x.split_once('=')).collect();
                    let from = call_of(kv.get("from").unwrap_or(&""));
                    let pi = kv.get("lport").and_then(|x| x.parse::<u16>().ok()).and_then(|p| by_port.get(&p).copied());
                    match verb {
                        "INVITE" => evs.entry(from).or_default().invite = t,
                        "RING" => { let e = evs.entry(from).or_default(); if e.ring == 0 { e.ring = t } }
                        "START" => if let Some(pi) = pi {
                            let rport: u16 = kv.get("rport").and_then(|x| x.parse().ok()).unwrap_or(0);
                            finish(&mut ports[pi], &mut tot, &mut active);
                            let uid = uid_from.len() as u32;
                            uid_from.push(from.clone());
                            let p = &mut ports[pi];
                            p.active = true; p.gen += 1; p.uid = uid; p.from = from.clone(); p.dst = rport; p.n = 0;
                            p.seq = (uid * 7) as u16; p.ts = uid.wrapping_mul(160_000); p.ssrc = 0x4000_0000 | uid; p.dtmf = None;
                            p.opaque = 0; p.marked = 0; p.src = 0; p.last_rx = 0; p.due = t;
                            let e = evs.entry(from).or_default();
                            if p.agent { e.agent_up = t } else { e.answer = t }
                            active += 1; tot.max_active = tot.max_active.max(active);
                            wheel[((tick + 1) % 64) as usize].push((pi, p.gen));
                        },
                        "DTMF" => if let Some(pi) = pi {
                            let d = match kv.get("digit").and_then(|s| s.bytes().next()) { Some(c @ b'0'..=b'9') => c - b'0', Some(b'*') => 10, Some(b'#') => 11, _ => continue };
                            let p = &mut ports[pi];
                            p.dtmf = Some((d, p.ts, 0));
                        },
                        "STOP" => if let Some(pi) = pi { finish(&mut ports[pi], &mut tot, &mut active) },
                        "MARK" => { tot = Tot::default(); evs.clear(); for p in ports.iter_mut() { p.opaque = 0; p.marked = 0; p.src = 0; } }
                        "QUIT" => break 'main,
                        _ => {}
                    }
                }
                continue;
            }
            let p = &mut ports[key as usize];
            for _ in 0..8 {
                let r = unsafe { libc::recv(p.fd, buf.as_mut_ptr() as *mut _, buf.len(), 0) };
                if r < 0 { break; }
                if r < 12 { continue; }
                let r = r as usize;
                let t = now();
                if !p.active { tot.stray += 1; if r >= 12 { continue } }
                let gap = if p.last_rx == 0 { 0 } else { t - p.last_rx };
                p.last_rx = t;
                if gap > 60_000_000 { tot.gaps60 += 1 }
                if r >= 36 && buf[12..20] == MAGIC.to_be_bytes() {
                    let src = u32::from_be_bytes(buf[20..24].try_into().unwrap());
                    let n = u32::from_be_bytes(buf[24..28].try_into().unwrap());
                    let ts = u64::from_be_bytes(buf[28..36].try_into().unwrap());
                    if p.src != src {
                        if p.src != 0 { close_src(p, &mut tot); }
                        p.src = src; p.first = n; p.last = n; p.marked = 1;
                        let f = uid_from.get(src as usize).cloned().unwrap_or_default();
                        let e = evs.entry(f).or_default();
                        if p.agent { if e.at_agent == 0 { e.at_agent = t } } else if e.at_caller == 0 { e.at_caller = t }
                    } else {
                        p.marked += 1;
                        if n > p.last { p.last = n } else { tot.dup_or_ooo += 1 }
                    }
                    if tot.lat.len() < 8_000_000 { tot.lat.push(((t - ts) / 1000) as u32) }
                } else { p.opaque += 1 }
                break; // level triggered: one packet a wake is the usual case
            }
        }
        let t = now();
        let cur = t / 1_000_000;
        if cur > tick + 5 { tot.late_ticks += 1 }
        while tick < cur {
            tick += 1;
            let due = std::mem::take(&mut wheel[(tick % 64) as usize]);
            for (pi, gen) in due {
                let p = &mut ports[pi];
                if !p.active || p.gen != gen { continue }
                send_one(p, &mut tot, &mut evs);
                p.due += PTIME_NS;
                let mut at = p.due / 1_000_000;
                if at <= tick { at = tick + 1; }
                if at > tick + 60 { at = tick + 20 }
                wheel[(at % 64) as usize].push((pi, gen));
            }
        }
    }
    for pi in 0..ports.len() { if ports[pi].active { let mut p = std::mem::take(&mut ports[pi]); finish(&mut p, &mut tot, &mut active); } }
    let d = |f: &dyn Fn(&Ev) -> (u64, u64)| -> String {
        let mut v: Vec<f64> = evs.values().filter_map(|e| { let (a, b) = f(e); if a > 0 && b >= a { Some((b - a) as f64 / 1e6) } else { None } }).collect();
        pct(&mut v)
    };
    let mut lat: Vec<f64> = tot.lat.iter().map(|x| *x as f64 / 1000.0).collect();
    let exp = tot.marked + tot.lost;
    let late60 = tot.lat.iter().filter(|x| **x > 60_000).count() as u64;
    let mut ru: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut ru) };
    let cpu = (ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) as f64 + (ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) as f64 / 1e6;
    let s = format!("{{\"calls\":{},\"answered\":{},\"rung\":{},\"bridged_both\":{},\"streams\":{},\"streams_unbridged\":{},\"max_active_streams\":{},\
\"rtp_sent\":{},\"rtp_bridged_rx\":{},\"rtp_bridged_lost\":{},\"loss_pct\":{:.4},\"lost_or_over_60ms_pct\":{:.4},\"rtp_opaque_rx\":{},\"stray\":{},\"gaps_over_60ms\":{},\"dup_or_reordered\":{},\"send_errors\":{},\"late_ticks\":{},\"cpu_s\":{:.2},\n\
\"transit_ms\":{},\n\"invite_to_answer_ms\":{},\n\"digit_to_ring_ms\":{},\n\"answer_to_ring_ms\":{},\n\"ring_to_agent_up_ms\":{},\n\"agent_up_to_audio_at_caller_ms\":{},\n\"agent_up_to_audio_at_agent_ms\":{}}}\n",
        evs.values().filter(|e| e.invite > 0).count(), evs.values().filter(|e| e.answer > 0).count(), evs.values().filter(|e| e.ring > 0).count(),
        evs.values().filter(|e| e.at_caller > 0 && e.at_agent > 0).count(),
        tot.streams, tot.streams_unbridged, tot.max_active, tot.sent, tot.marked, tot.lost, if exp > 0 { 100.0 * tot.lost as f64 / exp as f64 } else { -1.0 },
        if exp > 0 { 100.0 * (tot.lost + late60) as f64 / exp as f64 } else { -1.0 },
        tot.opaque, tot.stray, tot.gaps60, tot.dup_or_ooo, tot.send_err, tot.late_ticks, cpu,
        pct(&mut lat), d(&|e| (e.invite, e.answer)), d(&|e| (e.digit, e.ring)), d(&|e| (e.answer, e.ring)), d(&|e| (e.ring, e.agent_up)),
        d(&|e| (e.agent_up, e.at_caller)), d(&|e| (e.agent_up, e.at_agent)));
    std::fs::File::create(&report).unwrap().write_all(s.as_bytes()).unwrap();
}

/// The last four digits of a number, masked or whole.
fn call_of(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(4)..].iter().collect()
}

fn addr(port: u16) -> libc::sockaddr_in {
    libc::sockaddr_in { sin_family: libc::AF_INET as u16, sin_port: port.to_be(), sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes([127, 0, 0, 1]) }, sin_zero: [0; 8] }
}
fn close_src(p: &mut Port, tot: &mut Tot) {
    tot.marked += p.marked;
    tot.lost += ((p.last - p.first + 1) as u64).saturating_sub(p.marked);
    p.src = 0; p.marked = 0;
}
fn finish(p: &mut Port, tot: &mut Tot, active: &mut usize) {
    if !p.active { return }
    p.active = false;
    tot.streams += 1; tot.opaque += p.opaque;
    if p.src == 0 { tot.streams_unbridged += 1 } else { close_src(p, tot) }
    *active -= 1;
}
fn send_one(p: &mut Port, tot: &mut Tot, evs: &mut HashMap<String, Ev>) {
    let mut b = [0xd5u8; 172];
    let mut len = 172;
    b[0] = 0x80; b[1] = 8;
    let mut copies = 1;
    if let Some((digit, ts0, dur)) = p.dtmf {
        let dur = dur + 160; // 20 ms more
        let end = dur >= 800; // 100 ms of tone
        b[1] = 101 | if dur == 160 { 0x80 } else { 0 };
        b[4..8].copy_from_slice(&ts0.to_be_bytes());
        b[12] = digit; b[13] = if end { 0x80 } else { 0 } | 10;
        b[14..16].copy_from_slice(&dur.to_be_bytes());
        len = 16;
        if end { copies = 3; p.dtmf = None; evs.entry(p.from.clone()).or_default().digit = now(); } else { p.dtmf = Some((digit, ts0, dur)) }
    } else {
        b[4..8].copy_from_slice(&p.ts.to_be_bytes());
        b[12..20].copy_from_slice(&MAGIC.to_be_bytes());
        b[20..24].copy_from_slice(&p.uid.to_be_bytes());
        b[24..28].copy_from_slice(&p.n.to_be_bytes());
        b[28..36].copy_from_slice(&now().to_be_bytes());
        p.n += 1; tot.sent += 1;
    }
    p.ts = p.ts.wrapping_add(160);
    b[8..12].copy_from_slice(&p.ssrc.to_be_bytes());
    let sa = addr(p.dst);
    for _ in 0..copies {
        b[2..4].copy_from_slice(&p.seq.to_be_bytes());
        p.seq = p.seq.wrapping_add(1);
        let r = unsafe { libc::sendto(p.fd, b.as_ptr() as *const _, len, 0, &sa as *const _ as *const libc::sockaddr, 16) };
        if r < 0 { tot.send_err += 1 }
    }
}
