//! Who hears whom: conferences, supervisors who listen, whisper and join in, and what must be heard by nobody.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::media_peers;
use crate::media_peers::browser::{self, dial};
use crate::media_peers::coder::Coder;
use crate::media_peers::phone::{Heard, Phone, call};
use crate::media_peers::{World, clip, decode, silence, speech, tone, tones, world};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;
use walletline_voice::{Codec, Event, LegId, OrderError, PlaybackId, Source};

const CUSTOMER: f64 = 440.0;
const AGENT: f64 = 1000.0;
const SUPERVISOR: f64 = 1700.0;
const ALL: [f64; 3] = [CUSTOMER, AGENT, SUPERVISOR];

fn at(leg: LegId, gain: u8) -> Source {
    Source { leg, gain }
}

fn plain(legs: &[LegId]) -> Vec<Source> {
    legs.iter().map(|leg| at(*leg, 100)).collect()
}

/// A phone and the tone it sings; 0 is a silent microphone.
struct Singer {
    phone: Phone,
    hz: f64,
    sung: usize,
}

impl Singer {
    fn leg(&self) -> LegId {
        self.phone.leg
    }

    async fn sing(&mut self) {
        let samples = tone(self.hz, self.sung * 160);
        self.sung += 1;
        self.phone.say(&samples).await;
    }
}

async fn singer(world: &World, leg: u128, codec: Codec, hz: f64) -> Singer {
    Singer { phone: call(&world.plane, leg, &[codec]).await, hz, sung: 0 }
}

/// All sing for some frames; returns what each of them heard.
async fn talk<const N: usize>(mut singers: [&mut Singer; N], frames: usize) -> [Vec<Heard>; N] {
    let mut heard = [const { Vec::new() }; N];
    let mut clock = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..frames {
        clock.tick().await;
        for singer in &mut singers {
            singer.sing().await;
        }
        for (singer, heard) in singers.iter().zip(&mut heard) {
            heard.extend(singer.phone.heard().await);
        }
    }
    heard
}

fn decoded(codec: Codec, heard: &[Heard]) -> Vec<i16> {
    let mut coder = Coder::new(codec);
    heard.iter().flat_map(|packet| coder.decode(&packet.payload)).collect()
}

/// The tones among `of` in what a singer heard, the beginning left out: there buffers fill.
fn heard_of(singer: &Singer, heard: &[Heard], of: &[f64]) -> Vec<f64> {
    assert!(heard.len() > 25, "{} packets", heard.len());
    tones(&decoded(singer.phone.codec, heard)[10 * 160..], of)
}

/// Silence, in whatever codec it was before.
fn is_silent(codec: Codec, packet: &Heard) -> bool {
    packet.payload.len() == 160 && decode(codec, &packet.payload).iter().all(|sample| sample.unsigned_abs() <= 8)
}

/// What one leg sends must be one stream, whatever it is made of.
fn assert_one_stream(packets: &[Heard]) {
    for pair in packets.windows(2) {
        assert_eq!((pair[1].ssrc, pair[1].sequence), (pair[0].ssrc, pair[0].sequence.wrapping_add(1)));
        let moved = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!((160..80_000).contains(&moved), "the clock moved by {moved}");
        assert!(moved == 160 || pair[1].marker, "a leap of the clock must be marked");
    }
}

/// A customer, an agent and a supervisor; the first two are bridged.
async fn three(world: &World) -> [Singer; 3] {
    let three = [
        singer(world, 1, Codec::Pcma, CUSTOMER).await,
        singer(world, 2, Codec::Pcmu, AGENT).await,
        singer(world, 3, Codec::Pcma, SUPERVISOR).await,
    ];
    world.plane.bridge(three[0].leg(), three[1].leg());
    three
}

#[tokio::test]
async fn five_in_a_conference_hear_each_other_and_not_themselves() {
    const TONES: [f64; 5] = [440.0, 700.0, 1000.0, 1300.0, 1700.0];
    let world = world();
    let mut tab = dial(&world.plane, 5, &[Codec::Opus]).await;
    tab.connected().await;
    let mut a = singer(&world, 1, Codec::Pcma, TONES[0]).await;
    let mut b = singer(&world, 2, Codec::Pcmu, TONES[1]).await;
    let mut c = singer(&world, 3, Codec::G722, TONES[2]).await;
    let mut d = singer(&world, 4, Codec::Pcmu, TONES[3]).await;
    let legs = [a.leg(), b.leg(), c.leg(), d.leg(), tab.leg];
    for leg in legs {
        let others: Vec<LegId> = legs.into_iter().filter(|other| *other != leg).collect();
        world.plane.mix(leg, &plain(&others)).unwrap();
    }
    tab.sing(TONES[4], 1000).await;
    talk([&mut a, &mut b, &mut c, &mut d], 15).await;
    // A machine that is busy elsewhere cuts words: all must be heard in the end, and at no time oneself.
    let mut heard_so_far: [BTreeSet<usize>; 5] = Default::default();
    for tries_left in (0..10).rev() {
        tab.forget();
        let heard = talk([&mut a, &mut b, &mut c, &mut d], 60).await;
        heard.iter().for_each(|heard| assert_one_stream(heard));
        let mut now: Vec<_> = [&a, &b, &c, &d].into_iter().zip(&heard).map(|(one, heard)| heard_of(one, heard, &TONES)).collect();
        now.push(tones(&tab.listen_decoded(Codec::Opus, 50).await[10 * 160..], &TONES));
        for (n, (now, so_far)) in now.iter().zip(&mut heard_so_far).enumerate() {
            assert!(!now.contains(&TONES[n]), "{} Hz is heard by who sings it", TONES[n]);
            so_far.extend((0..5).filter(|other| now.contains(&TONES[*other])));
        }
        if heard_so_far.iter().all(|heard| heard.len() == 4) {
            break;
        }
        assert!(tries_left > 0, "heard {heard_so_far:?}");
    }
    // One hangs up, then another: the rest hear who is left.
    let _ = (world.plane.close(d.leg()), world.plane.close(tab.leg));
    talk([&mut a, &mut b, &mut c], 10).await;
    let [heard, ..] = talk([&mut a, &mut b, &mut c], 40).await;
    assert_eq!(heard_of(&a, &heard, &TONES), [TONES[1], TONES[2]]);
    let _ = world.plane.close(c.leg());
    let [heard, _] = talk([&mut a, &mut b], 40).await;
    assert_eq!(heard_of(&a, &heard, &TONES), [TONES[1]], "the last two are forwarded to each other");
    let _ = world.plane.close(b.leg());
    talk([&mut a], 3).await;
    let [heard] = talk([&mut a], 30).await;
    assert!(heard.len() > 20 && heard.iter().all(|packet| packet.payload == [silence(Codec::Pcma); 160]), "silence, not nothing");
}

/// Its name, whom legs hear from then on, and what each of the three then hears.
type Step<'a> = (&'a str, &'a [(LegId, &'a [LegId])], [&'a [f64]; 3]);

#[tokio::test]
async fn a_supervisor_listens_whispers_and_joins_in() {
    let world = world();
    let [mut customer, mut agent, mut supervisor] = three(&world).await;
    let (c, a, s) = (customer.leg(), agent.leg(), supervisor.leg());
    let mut streams: [Vec<Heard>; 3] = Default::default();
    let steps: [Step<'_>; 5] = [
        ("listen", &[(s, &[c, a])], [&[AGENT], &[CUSTOMER], &[CUSTOMER, AGENT]]),
        ("whisper", &[(a, &[c, s])], [&[AGENT], &[CUSTOMER, SUPERVISOR], &[CUSTOMER, AGENT]]),
        ("join in", &[(c, &[a, s])], [&[AGENT, SUPERVISOR], &[CUSTOMER, SUPERVISOR], &[CUSTOMER, AGENT]]),
        ("listen to the agent alone", &[(c, &[a]), (a, &[c]), (s, &[a])], [&[AGENT], &[CUSTOMER], &[AGENT]]),
        ("leave", &[(s, &[])], [&[AGENT], &[CUSTOMER], &[]]),
    ];
    for (step, mixes, expected) in steps {
        for (leg, hears) in mixes {
            world.plane.mix(*leg, &plain(hears)).unwrap();
        }
        let heard = talk([&mut customer, &mut agent, &mut supervisor], 50).await;
        for (n, singer) in [&customer, &agent, &supervisor].into_iter().enumerate() {
            assert_eq!(heard_of(singer, &heard[n], &ALL), expected[n], "{step}: heard by {n}");
            streams[n].extend(heard[n].clone());
        }
    }
    // A plain bridge again, after a mix of both.
    world.plane.mix(c, &plain(&[a, s])).unwrap();
    let heard = talk([&mut customer, &mut agent, &mut supervisor], 20).await;
    streams.iter_mut().zip(heard).for_each(|(stream, heard)| stream.extend(heard));
    world.plane.bridge(a, c);
    let heard = talk([&mut customer, &mut agent, &mut supervisor], 40).await;
    assert_eq!(heard_of(&customer, &heard[0], &ALL), [AGENT]);
    assert_eq!(heard_of(&agent, &heard[1], &ALL), [CUSTOMER]);
    for (stream, heard) in streams.iter_mut().zip(heard) {
        stream.extend(heard);
        assert_one_stream(stream);
    }
}

#[tokio::test]
async fn a_listener_stays_when_those_it_hears_are_bridged_anew() {
    let world = world();
    let [mut customer, mut agent, mut supervisor] = three(&world).await;
    world.plane.mix(supervisor.leg(), &plain(&[customer.leg()])).unwrap();
    let mut other = singer(&world, 4, Codec::Pcma, 700.0).await;
    world.plane.bridge(customer.leg(), other.leg());
    let heard = talk([&mut customer, &mut agent, &mut supervisor, &mut other], 50).await;
    assert_eq!(heard_of(&customer, &heard[0], &[AGENT, 700.0]), [700.0]);
    assert_eq!(heard_of(&supervisor, &heard[2], &ALL), [CUSTOMER]);
    assert!(heard[1][10..].iter().all(|packet| packet.payload == [silence(Codec::Pcmu); 160]), "the agent hears silence");
    // Parting takes only the two from each other.
    world.plane.unbridge(other.leg(), customer.leg());
    let heard = talk([&mut customer, &mut supervisor, &mut other], 40).await;
    assert_eq!(heard_of(&supervisor, &heard[1], &ALL), [CUSTOMER]);
    for silent in [&heard[0], &heard[2]] {
        assert!(silent[10..].iter().all(|packet| packet.payload == [silence(Codec::Pcma); 160]));
    }
}

#[tokio::test]
async fn what_is_played_goes_instead_of_the_mix() {
    let mut world = world();
    let [mut customer, mut agent, mut supervisor] = three(&world).await;
    world.plane.mix(customer.leg(), &[at(agent.leg(), 100), at(supervisor.leg(), 50)]).unwrap();
    talk([&mut customer, &mut agent, &mut supervisor], 10).await;
    world.plane.play(customer.leg(), PlaybackId(1), &[clip("two")], false);
    let [heard, ..] = talk([&mut customer, &mut agent, &mut supervisor], 60).await;
    assert_eq!(world.event().await, Event::PlaybackEnded { leg: customer.leg(), playback: PlaybackId(1), interrupted: false });
    let sound: Vec<u8> = heard.iter().flat_map(|packet| packet.payload.clone()).collect();
    let said = media_peers::encode(Codec::Pcma, &speech("two"));
    assert!(sound.windows(said.len()).any(|heard| heard == said), "the clip is heard whole and alone");
    let after = &sound[sound.len() - 40 * 160..];
    assert_eq!(tones(&decode(Codec::Pcma, after), &ALL), [AGENT, SUPERVISOR]);
    // Half the amplitude is a quarter of the energy.
    let share = |hz: f64| media_peers::share_of_tone(&decode(Codec::Pcma, &after[..1600]), hz);
    assert!((3.0..5.0).contains(&(share(AGENT) / share(SUPERVISOR))), "{} to {}", share(AGENT), share(SUPERVISOR));
    assert_one_stream(&heard);
}

#[tokio::test]
async fn orders_that_cannot_be_carried_out_change_nothing() {
    let world = world();
    let [mut customer, mut agent, mut supervisor] = three(&world).await;
    let (c, a, s) = (customer.leg(), agent.leg(), supervisor.leg());
    let mut crowd = Vec::new();
    for n in 10..27 {
        crowd.push(call(&world.plane, n, &[Codec::Pcma]).await.leg);
    }
    assert_eq!(world.plane.mix(c, &plain(&crowd[..9])), Err(OrderError::TooManySources));
    // Oneself, strangers and doubles do not count.
    world.plane.mix(s, &plain(&[s, LegId(999), a, c, a, c, a, c, a, c])).unwrap();
    for leg in &crowd[..14] {
        world.plane.mix(*leg, &plain(&[a])).unwrap();
    }
    assert_eq!(world.plane.mix(crowd[14], &plain(&[c, a])), Err(OrderError::TooManyListeners(a)));
    assert_eq!(world.plane.mix(LegId(999), &plain(&[a])), Ok(()));
    assert_eq!(world.plane.send_digits(a, "12 3"), Err(OrderError::NotAKey));
    assert_eq!(world.plane.send_digits(a, &"1".repeat(65)), Err(OrderError::TooManyKeys));
    assert_eq!(world.plane.send_digits(LegId(999), "1"), Ok(()));
    let heard = talk([&mut customer, &mut agent, &mut supervisor], 50).await;
    assert_eq!(heard_of(&customer, &heard[0], &ALL), [AGENT]);
    assert_eq!(heard_of(&agent, &heard[1], &ALL), [CUSTOMER]);
    assert_eq!(heard_of(&supervisor, &heard[2], &ALL), [CUSTOMER, AGENT]);
}

#[tokio::test]
async fn a_secret_reaches_nobody_and_leaves_no_gap() {
    let mut world = world();
    let [mut customer, mut agent, mut supervisor] = three(&world).await;
    let (c, a, s) = (customer.leg(), agent.leg(), supervisor.leg());
    world.plane.mix(s, &plain(&[a, c])).unwrap();
    let [_, mut stream, _] = talk([&mut customer, &mut agent, &mut supervisor], 10).await;
    customer.phone.key("1", &[(true, 160)]).await;
    assert_eq!(world.keys(c, 1).await, "1", "what was said before is through");
    stream.extend(agent.phone.heard().await);
    world.plane.secure(c, true);
    customer.phone.key("4711", &[(false, 160), (true, 320), (true, 320)]).await;
    let [of_customer, of_agent, of_supervisor] = talk([&mut customer, &mut agent, &mut supervisor], 60).await;
    assert_eq!(world.keys(c, 4).await, "4711");
    assert_eq!(heard_of(&customer, &of_customer, &ALL), [AGENT], "the customer is not alone");
    assert_eq!(heard_of(&supervisor, &of_supervisor, &ALL), [AGENT]);
    assert!(of_agent.iter().all(|packet| is_silent(Codec::Pcmu, packet)), "not even the beginning");
    assert!(of_agent.len() >= 58, "silence of the same length: {}", of_agent.len());
    stream.extend(of_agent);
    world.plane.secure(c, false);
    let [_, of_agent, _] = talk([&mut customer, &mut agent, &mut supervisor], 20).await;
    stream.extend(of_agent);
    let [_, of_agent, of_supervisor] = talk([&mut customer, &mut agent, &mut supervisor], 40).await;
    assert_eq!(heard_of(&agent, &of_agent, &ALL), [CUSTOMER]);
    assert_eq!(heard_of(&supervisor, &of_supervisor, &ALL), [CUSTOMER, AGENT]);
    stream.extend(of_agent);
    for pair in stream.windows(2) {
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1), "no packet is missing for it");
    }
}

#[tokio::test]
async fn a_lost_packet_is_not_heard_as_a_hole() {
    let world = world();
    let [mut customer, mut agent, mut supervisor] = three(&world).await;
    world.plane.mix(supervisor.leg(), &[at(customer.leg(), 99)]).unwrap();
    agent.hz = 0.0;
    supervisor.hz = 0.0;
    let mut heard = Vec::new();
    for n in 0..12 {
        let [.., more] = talk([&mut customer, &mut agent, &mut supervisor], 5).await;
        heard.extend(more);
        if n > 2 {
            // A packet that never comes.
            customer.phone.sequence = customer.phone.sequence.wrapping_add(1);
            customer.phone.timestamp = customer.phone.timestamp.wrapping_add(160);
            customer.sung += 1;
        }
    }
    let sound = decoded(Codec::Pcma, &heard[15..]);
    let quiet = sound.chunks(80).filter(|piece| piece.iter().all(|s| s.unsigned_abs() < 3000)).count();
    assert!(quiet * 20 < sound.len() / 80, "{quiet} quiet pieces of {}", sound.len() / 80);
}

#[tokio::test]
async fn keys_are_pressed_towards_a_far_end() {
    let world = world();
    let [mut customer, mut agent, mut supervisor] = three(&world).await;
    talk([&mut customer, &mut agent, &mut supervisor], 5).await;
    agent.phone.forget();
    world.plane.send_digits(agent.leg(), "1#").unwrap();
    world.plane.send_digits(agent.leg(), "d").unwrap();
    let [_, heard, _] = talk([&mut customer, &mut agent, &mut supervisor], 60).await;
    let begins = heard.iter().position(|packet| packet.payload_type == media_peers::phone::EVENTS).expect("an event");
    let keys = &heard[begins..begins + 24];
    let mut start = keys[0].timestamp.wrapping_sub(1280);
    for (n, packet) in (0u32..).zip(keys) {
        assert_eq!(packet.sequence, keys[0].sequence.wrapping_add(n as u16));
        let (key, at) = (n / 8, n % 8);
        if at == 7 {
            assert_eq!((packet.payload_type, &packet.payload[..]), (0, &[silence(Codec::Pcmu); 160][..]));
            continue;
        }
        if at == 0 {
            let since = packet.timestamp.wrapping_sub(start);
            // Later only where the machine stood still.
            assert!((1280..8000 * 60).contains(&since), "a key follows the one before it by {since}");
            start = packet.timestamp;
        }
        assert_eq!((packet.payload_type, packet.timestamp, packet.marker), (97, start, at == 0));
        let [high, low] = (160 * (at + 1).min(5) as u16).to_be_bytes();
        let event = [1, 11, 15][key as usize];
        assert_eq!(packet.payload, [event, if at >= 4 { 0x8A } else { 0x0A }, high, low]);
    }
    for pair in heard.windows(2) {
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1), "one stream");
    }
    assert_eq!(tones(&decoded(Codec::Pcmu, &heard[begins + 24..]), &ALL), [CUSTOMER], "the bridge goes on");
}

#[tokio::test]
async fn a_far_end_without_events_hears_tones_and_a_browser_hears_events() {
    let world = world();
    let mut phone = Phone::new(LegId(1), Codec::Pcma).await;
    world.plane.open_rtp(phone.leg, walletline_voice::EncryptionPolicy::default()).unwrap();
    let offer = phone.offer(&[Codec::Pcma], "sendrecv").replace(" 97\r\na=rtpmap:97 telephone-event/8000", "");
    let answer = world.plane.answer(phone.leg, &offer).unwrap();
    assert!(!answer.contains("telephone-event"), "{answer}");
    phone.take(&answer);
    world.plane.send_digits(phone.leg, "7").unwrap();
    let heard = phone.listen(8).await;
    let (tone, gap) = heard.split_at(800);
    assert_eq!(tones(&decode(Codec::Pcma, tone), &[697.0, 852.0, 1209.0, 1477.0]), [852.0, 1209.0]);
    assert_eq!(gap, [silence(Codec::Pcma); 480]);

    let mut tab = dial(&world.plane, 2, &[Codec::Pcmu]).await;
    tab.connected().await;
    world.plane.send_digits(tab.leg, "159").unwrap();
    let mut keys = Vec::new();
    while keys.last() != Some(&9) {
        if let browser::Heard::Event(key) = tab.hear().await {
            keys.push(key);
        }
    }
    keys.dedup();
    assert_eq!(keys, [1, 5, 9]);
}

/// What may happen to four legs in any order.
#[derive(Debug, Clone)]
enum Act {
    Mix(usize, Vec<(usize, u8)>),
    Bridge(usize, usize),
    Unbridge(usize, usize),
    Secure(usize, bool),
    Play(usize, bool),
    Stop(usize),
    Digits(usize),
    Talk,
}

fn act() -> impl Strategy<Value = Act> {
    let leg = 0..4usize;
    let gain = prop_oneof![Just(50u8), Just(100), Just(200)];
    prop_oneof![
        3 => (leg.clone(), proptest::collection::vec((leg.clone(), gain), 0..4)).prop_map(|(leg, hears)| Act::Mix(leg, hears)),
        2 => (leg.clone(), leg.clone()).prop_map(|(a, b)| Act::Bridge(a, b)),
        1 => (leg.clone(), leg.clone()).prop_map(|(a, b)| Act::Unbridge(a, b)),
        4 => (leg.clone(), any::<bool>()).prop_map(|(leg, on)| Act::Secure(leg, on)),
        1 => (leg.clone(), any::<bool>()).prop_map(|(leg, repeat)| Act::Play(leg, repeat)),
        1 => leg.clone().prop_map(Act::Stop),
        1 => leg.prop_map(Act::Digits),
        5 => Just(Act::Talk),
    ]
}

/// Louder than anything else in these calls, even at half its loudness beside what conceals a loss.
const SECRET: i16 = 30_000;
const SMALL_TALK: i16 = 400;
/// The clips stay below it, and so do three times the small talk at twice its loudness.
const HEARD_MAX: i16 = 9000;

/// Does all that in its order and listens for secrets. `kept`: the plane is told what is one.
async fn listen_for_secrets(acts: Vec<Act>, kept: bool) {
    let mut world = world();
    let mut phones = Vec::new();
    for n in 0..4u128 {
        phones.push(call(&world.plane, n, &[if n % 2 == 0 { Codec::Pcma } else { Codec::Pcmu }]).await);
    }
    let legs: Vec<LegId> = phones.iter().map(|phone| phone.leg).collect();
    let mut secret = [false; 4];
    let mut spoken = 0;
    for act in acts.into_iter().chain([Act::Talk]) {
        match act {
            Act::Mix(leg, hears) => {
                let hears: Vec<Source> = hears.into_iter().map(|(leg, gain)| at(legs[leg], gain)).collect();
                world.plane.mix(legs[leg], &hears).unwrap();
            }
            Act::Bridge(a, b) => world.plane.bridge(legs[a], legs[b]),
            Act::Unbridge(a, b) => world.plane.unbridge(legs[a], legs[b]),
            Act::Secure(leg, on) => {
                if kept {
                    world.plane.secure(legs[leg], on);
                }
                secret[leg] = on;
            }
            Act::Play(leg, repeat) => world.plane.play(legs[leg], PlaybackId(1), &[clip("one")], repeat),
            Act::Stop(leg) => world.plane.stop(legs[leg]),
            Act::Digits(leg) => world.plane.send_digits(legs[leg], "5").unwrap(),
            Act::Talk => {
                for (phone, secret) in phones.iter_mut().zip(secret) {
                    let level = if secret { SECRET } else { SMALL_TALK };
                    for _ in 0..3 {
                        phone.say(&[level; 160]).await;
                    }
                    phone.key("1", &[(true, 160)]).await;
                }
                // When its key is told, all that a phone said before has been handed on.
                let mut keys = 0;
                while keys < phones.len() {
                    keys += usize::from(matches!(world.event().await, Event::Digit { .. }));
                }
                spoken += 1;
                tokio::time::sleep(Duration::from_millis(45)).await;
            }
        }
        for phone in &phones {
            for packet in phone.heard().await {
                // Only keys that we press ourselves.
                if packet.payload_type == media_peers::phone::EVENTS {
                    assert_eq!(packet.payload[0], 5);
                    continue;
                }
                let loudest = decode(phone.codec, &packet.payload).into_iter().map(i16::saturating_abs).max().unwrap();
                assert!(loudest < HEARD_MAX, "a secret is heard: {loudest}");
            }
        }
    }
    assert!(spoken > 0);
}

fn run(acts: Vec<Act>, kept: bool) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(listen_for_secrets(acts, kept));
}

#[test]
#[should_panic(expected = "a secret is heard")]
fn a_secret_told_over_a_bridge_would_be_noticed() {
    run(vec![Act::Bridge(0, 1), Act::Secure(0, true), Act::Talk], false);
}

#[test]
#[should_panic(expected = "a secret is heard")]
fn a_secret_told_into_a_mix_would_be_noticed() {
    run(vec![Act::Mix(2, vec![(0, 50), (1, 100)]), Act::Secure(0, true), Act::Talk, Act::Talk, Act::Talk], false);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_orders_lets_a_secret_be_heard(acts in proptest::collection::vec(act(), 5..25)) {
        run(acts, true);
    }
}
