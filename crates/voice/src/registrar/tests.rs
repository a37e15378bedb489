//! The registrar without a network: what each REGISTER is answered, and what is bound after it.

use super::*;
use std::time::Duration;

struct Phones;

impl Credentials for Phones {
    fn ha1(&self, user: &str) -> Option<String> {
        (user == "agent1").then(|| ha1("agent1", "secret"))
    }
}

struct World {
    registrar: Registrar,
    now: Instant,
    cseq: u32,
}

impl World {
    fn new(restored: Vec<Binding>) -> Self {
        let now = Instant::now();
        Self { registrar: Registrar::new(Arc::new(Phones), restored, now), now, cseq: 0 }
    }

    fn send(&mut self, to: &str, contact: &[&str], expires: Option<&str>, authorization: &[&str]) -> Reply {
        self.cseq += 1;
        let request = Register {
            to,
            call_id: "c1",
            cseq: self.cseq,
            contacts: contact.to_vec(),
            expires,
            authorizations: authorization.to_vec(),
        };
        self.registrar.register(&request, Peer::udp("192.0.2.1:5060".parse().unwrap()), self.now, 0)
    }

    fn nonce(&mut self) -> String {
        nonce_of(&self.send("<sip:agent1@h>", &[], None, &[]))
    }

    fn log_in(&mut self, contact: &[&str], expires: Option<&str>) -> Reply {
        let nonce = self.nonce();
        let authorization = authorize("agent1", "secret", &nonce, Some(1));
        self.send("<sip:agent1@h>", contact, expires, &[&authorization])
    }
}

fn nonce_of(reply: &Reply) -> String {
    assert_eq!(reply.status, 401);
    reply.fields[0].1.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn authorize(user: &str, password: &str, nonce: &str, count: Option<u32>) -> String {
    let ha2 = md5_hex(&["REGISTER", "sip:h"]);
    let base = format!("Digest username=\"{user}\", realm=\"{REALM}\", nonce=\"{nonce}\", uri=\"sip:h\"");
    match count {
        Some(count) => {
            let nc = format!("{count:08x}");
            let response = md5_hex(&[&ha1(user, password), nonce, &nc, "cn", "auth", &ha2]);
            format!("{base}, qop=auth, nc={nc}, cnonce=\"cn\", response=\"{response}\"")
        }
        None => format!("{base}, response=\"{}\"", md5_hex(&[&ha1(user, password), nonce, &ha2])),
    }
}

#[test]
fn a_phone_registers_refreshes_and_leaves() {
    let mut world = World::new(Vec::new());
    let reply = world.log_in(&["<sip:agent1@192.0.2.1:5090>"], Some("7200"));
    assert_eq!((reply.status, reply.fields[0].1.as_str()), (200, "<sip:agent1@192.0.2.1:5090>;expires=3600"));
    assert!(matches!(reply.event, Some(Event::PhoneRegistered { ref binding, .. }) if binding.expires_at_us == 3_600_000_000));
    // A newer contact of the same user wins, and the older one's farewell does not touch it.
    assert_eq!(world.log_in(&["\"x\" <sip:agent1@192.0.2.2>;expires=60"], None).fields[0].1, "<sip:agent1@192.0.2.2>;expires=60");
    assert_eq!(world.log_in(&["<sip:agent1@192.0.2.1:5090>;expires=0"], None).event, None);
    assert_eq!(world.log_in(&[], None).fields[0].1, "<sip:agent1@192.0.2.2>;expires=60");
    let gone = Some(Event::PhoneUnregistered { user: "agent1".to_owned() });
    assert_eq!(world.log_in(&["<sip:agent1@192.0.2.2:5060>"], Some("0")).event, gone);
    world.log_in(&["<sip:agent1@192.0.2.2>"], None);
    assert_eq!(world.log_in(&["*"], Some("0")).event, gone);
    assert!(lock(&world.registrar.bindings()).is_empty());
}

#[test]
fn counts_run_on_and_replays_are_stale() {
    let mut world = World::new(Vec::new());
    let nonce = world.nonce();
    for count in [1, 9, 10, 11, 255, 256] {
        let authorization = authorize("agent1", "secret", &nonce, Some(count));
        assert_eq!(world.send("<sip:agent1@h>", &["<sip:a@h>"], None, &[&authorization]).status, 200, "count {count}");
        let replayed = world.send("<sip:agent1@h>", &["<sip:thief@evil>"], None, &[&authorization]);
        assert!(replayed.status == 401 && replayed.fields[0].1.ends_with("stale=true"));
    }
    world.now += Duration::from_secs(301);
    let authorization = authorize("agent1", "secret", &nonce, Some(257));
    assert!(world.send("<sip:agent1@h>", &[], None, &[&authorization]).fields[0].1.ends_with("stale=true"));
}

#[test]
fn without_qop_a_nonce_serves_once() {
    let mut world = World::new(Vec::new());
    let nonce = world.nonce();
    let authorization = authorize("agent1", "secret", &nonce, None);
    assert_eq!(world.send("<sip:agent1@h>", &["<sip:a@h>"], None, &[&authorization]).status, 200);
    assert_eq!(world.send("<sip:agent1@h>", &["<sip:a@h>"], None, &[&authorization]).status, 401);
}

#[test]
fn strangers_and_wrong_passwords_are_answered_alike_and_slowed_down() {
    for user in ["agent1", "nobody"] {
        let mut world = World::new(Vec::new());
        let aor = format!("<sip:{user}@h>");
        let mut statuses = Vec::new();
        for _ in 0..7 {
            let nonce = world.nonce();
            let reply = world.send(&aor, &["<sip:a@h>"], None, &[&authorize(user, "guess", &nonce, Some(1))]);
            assert!(!reply.fields[0].1.contains("stale"));
            statuses.push(reply.status);
        }
        assert_eq!(statuses, [401, 401, 401, 401, 401, 503, 503], "{user}");
        // The right password does not get through either, until the pause is over.
        let nonce = world.nonce();
        let right = authorize("agent1", "secret", &nonce, Some(1));
        let status = world.send("<sip:agent1@h>", &["<sip:a@h>"], None, &[&right]).status;
        assert_eq!(status, if user == "agent1" { 503 } else { 200 });
        world.now += Duration::from_secs(31);
        let right = authorize("agent1", "secret", &nonce, Some(2));
        assert_eq!(world.send("<sip:agent1@h>", &["<sip:a@h>"], None, &[&right]).status, 200);
    }
}

#[test]
fn refuses_what_makes_no_sense() {
    let cases: [(&[&str], Option<&str>, u16); 6] = [
        (&["*"], None, 400),
        (&["*", "<sip:a@h>"], Some("0"), 400),
        (&["<sip:a@h>"], Some("30"), 423),
        (&["<sip:a@h"], None, 400),
        (&["<mailto:a@h>"], None, 400),
        (&["<sip:a@h>"], Some("soon"), 200),
    ];
    for (contacts, expires, status) in cases {
        assert_eq!(World::new(Vec::new()).log_in(contacts, expires).status, status, "{contacts:?} {expires:?}");
    }
    let mut world = World::new(Vec::new());
    let nonce = world.nonce();
    let authorization = authorize("agent1", "secret", &nonce, Some(1));
    assert_eq!(world.send("<sip:agent2@h>", &["<sip:a@h>"], None, &[&authorization]).status, 403);
    assert_eq!(world.send("<sip:h>", &[], None, &[]).status, 400);
}

#[test]
fn a_late_older_request_changes_nothing() {
    let mut world = World::new(Vec::new());
    world.cseq = 10;
    world.log_in(&["<sip:new@h>"], None);
    let nonce = world.nonce();
    world.cseq = 5;
    let authorization = authorize("agent1", "secret", &nonce, Some(1));
    assert_eq!(world.send("<sip:agent1@h>", &["<sip:old@h>"], None, &[&authorization]).status, 500);
    assert_eq!(lock(&world.registrar.bindings())["agent1"].contact, "sip:new@h");
}

#[test]
fn bindings_are_restored_and_run_out() {
    let source = "192.0.2.1:5060".parse().unwrap();
    let (transport, flow) = Default::default();
    let restored =
        Binding { user: "agent1".to_owned(), contact: "sip:a@h".to_owned(), source, transport, flow, expires_at_us: 1_000 };
    let mut world = World::new(vec![restored]);
    assert_eq!(world.registrar.expire(999), Vec::new());
    assert_eq!(world.registrar.expire(1_000), [Event::PhoneUnregistered { user: "agent1".to_owned() }]);
}
