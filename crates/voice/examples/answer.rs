//! Answers every SIP call and does nothing else: what a plain call costs is measured on it (docs/adr/0002-sip-stack.md).
//!
//! `cargo run -p walletline-voice --example answer -- 127.0.0.1:5060 30000-39999`; UDP and TCP at that address.
//!
//! Prints its counts when the standard input closes, and ends.

use std::io::Read as _;
use std::net::IpAddr;
use std::sync::Arc;
use walletline_voice::{ClipLibrary, Command, Config, Credentials, EncryptionPolicy, Event, NumberKind, Voice};

struct NoPhones;

impl Credentials for NoPhones {
    fn ha1(&self, _user: &str) -> Option<String> {
        None
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let listen = words.next().unwrap_or_else(|| "127.0.0.1:5060".to_owned());
    let ports = words.next().unwrap_or_else(|| "30000-39999".to_owned());
    let (first, last) = ports.split_once('-').ok_or("ports are written as 30000-39999")?;
    let config = Config {
        sip_udp: listen.parse()?,
        sip_tcp: Some(listen.parse()?),
        sip_tls: None,
        media_bind: IpAddr::from([127, 0, 0, 1]),
        media_advertise: None,
        media_ports: first.parse()?..=last.parse()?,
        calls_max: 10_000,
        trusted: Box::new(|_| false),
        encryption: Box::new(|_| EncryptionPolicy::Preferred),
        trunks: Vec::new(),
        number_kinds: Box::new(|_| NumberKind::Ordinary),
    };
    let (voice, mut events) = Voice::start(config, ClipLibrary::default(), Arc::new(NoPhones), Vec::new()).await?;
    println!("answering on {}", voice.sip_address());
    let (close, mut closed) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = close.send(());
    });
    loop {
        tokio::select! {
            Some(event) = events.recv() => {
                if let Event::Incoming { leg, .. } = event {
                    voice.execute(Command::Answer { leg });
                }
            }
            _ = &mut closed => break,
        }
    }
    println!("{:#?}\n{:#?}", voice.counters().sip, voice.sip_load());
    voice.stop().await;
    Ok(())
}
