//! A browser, as far as media goes: full ICE, DTLS and SRTP by str0m in frame mode, driven by a task of its own.

use super::coder::Coder;
use super::{PATIENCE, tone};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::{Codec as Format, CodecExtra, FormatParams};
use str0m::media::{Direction, Frequency, MediaKind, MediaTime, Mid, TelephoneEvent};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::UdpSocket;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use walletline_voice::{Codec, LegId, MediaPlane};

pub struct Browser {
    pub leg: LegId,
    pub heard: Receiver<Heard>,
    /// Every payload of audio it sent.
    pub said: Arc<Mutex<Vec<Vec<u8>>>>,
    wishes: Sender<Wish>,
    /// The browser's task, which ends with it.
    running: JoinSet<()>,
}

/// What a browser hears.
#[derive(Debug)]
pub enum Heard {
    Connected,
    Audio { codec: Codec, payload: Vec<u8> },
    Event(u8),
}

enum Wish {
    Sing {
        hz: f64,
        frames: usize,
    },
    Key(u8),
    Close,
    Vanish,
    /// To another address: the offer for it, and what it is answered.
    Move(oneshot::Sender<String>, oneshot::Receiver<String>),
}

/// A browser with these codecs dials and is answered. It connects by itself.
pub async fn dial(plane: &MediaPlane, leg: u128, codecs: &[Codec]) -> Browser {
    let leg = LegId(leg);
    let (mut tab, offer, pending) = open(codecs).await;
    let answer = plane.connect_browser(leg, &offer).unwrap();
    tab.rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer).unwrap()).unwrap();
    let (wishes, wished) = channel(8);
    let (hears, heard) = channel(10_000);
    let said = Arc::clone(&tab.said);
    let mut running = JoinSet::new();
    running.spawn(tab.run(wished, hears));
    Browser { leg, heard, said, wishes, running }
}

/// Only the offer of a browser.
pub async fn offer(codecs: &[Codec]) -> String {
    open(codecs).await.1
}

async fn open(codecs: &[Codec]) -> (Tab, String, SdpPendingOffer) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = socket.local_addr().unwrap();
    let mut config = Rtc::builder().clear_codecs();
    for codec in codecs {
        config = match codec {
            Codec::Pcma => config.enable_pcma(true, false),
            Codec::Pcmu => config.enable_pcmu(true, false),
            Codec::Opus => config.enable_opus(true, false),
            Codec::G722 => config.enable_g722(true, false),
        };
    }
    let events = FormatParams::parse_line("0-16");
    config.codec_config().add_config(110.into(), None, Format::Tele, Frequency::FORTY_EIGHT_KHZ, None, events);
    config.codec_config().add_config(113.into(), None, Format::Tele, Frequency::EIGHT_KHZ, None, events);
    let mut rtc = config.build(Instant::now());
    rtc.add_local_candidate(Candidate::host(address, Protocol::Udp).unwrap());
    let mut change = rtc.sdp_api();
    let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
    let (offer, pending) = change.apply().unwrap();
    let tab = Tab { rtc, socket, address, mid, at: 0, singing: None, coder: None, said: Arc::default() };
    (tab, offer.to_sdp_string(), pending)
}

struct Tab {
    rtc: Rtc,
    socket: UdpSocket,
    address: SocketAddr,
    mid: Mid,
    at: usize,
    singing: Option<(f64, usize)>,
    coder: Option<(Codec, Coder)>,
    said: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Tab {
    async fn run(mut self, mut wished: Receiver<Wish>, hears: Sender<Heard>) {
        let mut frames = tokio::time::interval(Duration::from_millis(20));
        let mut datagram = [0; 2000];
        loop {
            let timer = self.drain(&hears).await;
            if !self.rtc.is_alive() {
                return;
            }
            tokio::select! {
                wish = wished.recv() => match wish {
                    Some(Wish::Sing { hz, frames }) => self.singing = Some((hz, frames)),
                    Some(Wish::Key(event)) => {
                        self.write(Some(event));
                        self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
                    }
                    Some(Wish::Close) => self.rtc.close().unwrap(),
                    Some(Wish::Move(offer, answer)) => self.moves(offer, answer).await,
                    Some(Wish::Vanish) | None => return,
                },
                received = self.socket.recv_from(&mut datagram) => {
                    let (length, from) = received.unwrap();
                    let received = Receive::new(Protocol::Udp, from, self.address, &datagram[..length]).unwrap();
                    self.rtc.handle_input(Input::Receive(Instant::now(), received)).unwrap();
                }
                _ = frames.tick() => {
                    if self.rtc.is_connected() {
                        self.write(None);
                    }
                    self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
                }
                () = tokio::time::sleep_until(timer.into()) => self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap(),
            }
        }
    }

    /// Leaves its address without a word to anybody but by the offer.
    async fn moves(&mut self, offers: oneshot::Sender<String>, answer: oneshot::Receiver<String>) {
        self.socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        self.address = self.socket.local_addr().unwrap();
        let mut change = self.rtc.sdp_api();
        change.ice_restart(false);
        let (offer, pending) = change.apply().unwrap();
        offers.send(offer.to_sdp_string()).unwrap();
        let answer = SdpAnswer::from_sdp_string(&answer.await.unwrap()).unwrap();
        self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
        self.rtc.add_local_candidate(Candidate::host(self.address, Protocol::Udp).unwrap());
    }

    /// One frame of the song, or of silence as a browser sends it.
    fn write(&mut self, key: Option<u8>) {
        let samples = match &mut self.singing {
            Some((hz, left)) if *left > 0 => {
                *left -= 1;
                tone(*hz, self.at)
            }
            _ => vec![0; 160],
        };
        let Some(mut writer) = self.rtc.writer(self.mid) else { return };
        let (number, codec) = writer
            .payload_params()
            .find_map(|params| match params.spec().codec {
                Format::PCMA => Some((params.pt(), Codec::Pcma)),
                Format::PCMU => Some((params.pt(), Codec::Pcmu)),
                Format::Opus => Some((params.pt(), Codec::Opus)),
                _ => None,
            })
            .unwrap();
        if let Some(event) = key {
            let duration = Duration::from_millis(100);
            writer = writer.telephone_event(TelephoneEvent { event, end: true, volume: 10, duration });
        }
        let time = MediaTime::new(self.at as u64, Frequency::EIGHT_KHZ);
        let coder = &mut self.coder.get_or_insert_with(|| (codec, Coder::new(codec))).1;
        let payload = coder.encode(&samples);
        self.said.lock().unwrap().push(payload.clone());
        writer.write(number, Instant::now(), time, payload).unwrap();
        self.at += 160;
    }

    async fn drain(&mut self, hears: &Sender<Heard>) -> Instant {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) => return at,
                Output::Transmit(datagram) => {
                    self.socket.send_to(&datagram.contents, datagram.destination).await.unwrap();
                }
                Output::Event(Event::Connected) => hears.try_send(Heard::Connected).unwrap(),
                Output::Event(Event::MediaData(data)) => {
                    let heard = match (&data.codec_extra, data.params.spec().codec) {
                        (CodecExtra::Tele(event), _) => Heard::Event(event.event),
                        (_, Format::PCMA) => Heard::Audio { codec: Codec::Pcma, payload: data.data.to_vec() },
                        (_, Format::Opus) => Heard::Audio { codec: Codec::Opus, payload: data.data.to_vec() },
                        _ => Heard::Audio { codec: Codec::Pcmu, payload: data.data.to_vec() },
                    };
                    let _ = hears.try_send(heard);
                }
                Output::Event(_) => {}
            }
        }
    }
}

impl Browser {
    pub async fn connected(&mut self) {
        while !matches!(self.hear().await, Heard::Connected) {}
    }

    pub async fn sing(&self, hz: f64, frames: usize) {
        self.wish(Wish::Sing { hz, frames }).await;
    }

    pub async fn key(&self, event: u8) {
        self.wish(Wish::Key(event)).await;
    }

    /// Closes the session as a page does.
    pub async fn close(&self) {
        self.wish(Wish::Close).await;
    }

    /// Is gone without a word, as a phone whose battery died.
    pub async fn vanish(&self) {
        self.wish(Wish::Vanish).await;
    }

    /// Goes on from another address, by a new offer.
    pub async fn moves(&self, plane: &MediaPlane) {
        let ((offers, offer), (answers, answer)) = (oneshot::channel(), oneshot::channel());
        self.wish(Wish::Move(offers, answer)).await;
        let offer = tokio::time::timeout(PATIENCE, offer).await.expect("no offer").unwrap();
        answers.send(plane.reconnect_browser(self.leg, &offer).unwrap()).unwrap();
    }

    async fn wish(&self, wish: Wish) {
        assert!(self.wishes.send(wish).await.is_ok(), "the browser is gone");
    }

    pub async fn hear(&mut self) -> Heard {
        tokio::time::timeout(PATIENCE, self.heard.recv()).await.expect("the browser hears nothing").expect("the browser is gone")
    }

    /// The payloads of the next packets, which must all be of that codec.
    pub async fn listen(&mut self, codec: Codec, packets: usize) -> Vec<u8> {
        let mut sound = Vec::new();
        let mut count = 0;
        while count < packets {
            match self.hear().await {
                Heard::Audio { codec: heard, payload } => {
                    assert_eq!(heard, codec);
                    sound.extend(payload);
                    count += 1;
                }
                Heard::Event(event) => panic!("the browser hears the key {event}"),
                Heard::Connected => {}
            }
        }
        sound
    }

    /// The payloads of the next packets one by one.
    pub async fn payloads(&mut self, codec: Codec, packets: usize) -> Vec<Vec<u8>> {
        let mut payloads = Vec::new();
        while payloads.len() < packets {
            payloads.push(self.listen(codec, 1).await);
        }
        payloads
    }

    /// What the next packets sound like.
    pub async fn listen_decoded(&mut self, codec: Codec, packets: usize) -> Vec<i16> {
        let mut coder = Coder::new(codec);
        self.payloads(codec, packets).await.iter().flat_map(|payload| coder.decode(payload)).collect()
    }

    /// Forgets what has come so far.
    pub fn forget(&mut self) {
        while self.heard.try_recv().is_ok() {}
    }
}
