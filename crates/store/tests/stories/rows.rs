//! Rows the stories write: plain ones, to be changed where a story is about the change.

use std::sync::Mutex;
use walletline_core::agent::{Secret, Staff, Teams};
use walletline_core::call::{
    CallerIdTrust, Channel, Contact, Direction, Disposition, Fact, Leg, Note, Service, TimelineEntry, WrapUp,
};
use walletline_core::cases::{Case, CaseKind, Keep, NewCase, Reference};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::identity::{Challenge, ChallengeState, CodeHash};
use walletline_core::kernel::{
    actor::{Actor, Role},
    assurance::{Factor, Level},
    ids::{CaseId, ContactId, IdSource, LegId, OperationId, StaffId},
    language::Language,
    pii::Pii,
    subject::Subject,
    time::Wall,
};
use walletline_core::outbox::{self, Errand, Job, Message};
use walletline_core::wallet::{Operation, State};

/// Some Tuesday.
pub(crate) const T0: Wall = Wall(1_795_000_000_000_000);

/// So many seconds after [`T0`].
pub(crate) fn at(s: i64) -> Wall {
    Wall(T0.0 + s * 1_000_000)
}

/// An identifier no story in this process had before; each sorts after the one before it.
pub(crate) fn id<T: From<u128>>() -> T {
    static SOURCE: Mutex<(i64, Option<IdSource>)> = Mutex::new((0, None));
    let (made, source) = &mut *SOURCE.lock().unwrap();
    *made += 1;
    source.get_or_insert_with(|| IdSource::new(u128::from(std::process::id()) << 64)).next(Wall(T0.0 + *made * 1_000))
}

/// A commit of these changes, with an entry that names `subject`.
pub(crate) fn commit(action: &str, subject: impl ToString + Copy, changes: Vec<Change>) -> Commit {
    Commit::new(Entry::new(T0, Actor::System, action, subject), changes)
}

/// A contact that has just arrived.
pub(crate) fn contact(s: i64) -> Contact {
    Contact {
        id: id(),
        line: "8000".to_owned(),
        wallet: "jinqiao".to_owned(),
        channel: Channel::Voice,
        caller: Pii::new("+8619000000001".to_owned()),
        caller_id: CallerIdTrust::None,
        language: None,
        service: None,
        level: Level::A0,
        risk: vec![],
        case: None,
        opened_at: at(s),
        answered_at: None,
        queued_at: None,
        connected_at: None,
        ended_at: None,
        agents: vec![],
        disposition: None,
        expires_at: at(86_400 * 90),
    }
}

/// The same contact after it was answered, served by `agent` and ended.
pub(crate) fn served(mut contact: Contact, agent: StaffId) -> Contact {
    let opened_at = contact.opened_at;
    let later = |s: i64| Some(Wall(opened_at.0 + s * 1_000_000));
    contact.language = Some(Language::ZhCn);
    contact.service = Some(Service::Transactions);
    contact.level = Level::A1;
    contact.answered_at = later(1);
    contact.queued_at = later(20);
    contact.connected_at = later(30);
    contact.ended_at = later(90);
    contact.agents = vec![agent];
    contact.disposition = Some(Disposition::Resolved);
    contact
}

/// A leg that has just come to be.
pub(crate) fn leg(contact: &Contact) -> Leg {
    Leg {
        id: id::<LegId>(),
        contact: contact.id,
        direction: Direction::Inbound,
        agent: None,
        outside: None,
        codec: "PCMA".to_owned(),
        encryption: "none".to_owned(),
        packets: 0,
        lost: 0,
        jitter_ms: 0.0,
        round_trip_ms: None,
        mos: None,
        started_at: contact.opened_at,
        ended_at: None,
        cause: None,
        dialog: Some(format!("{{\"call_id\":\"{}\"}}", contact.id)),
    }
}

/// A line that says which keys were pressed.
pub(crate) fn keyed(seq: u32, s: i64, digits: &str) -> TimelineEntry {
    TimelineEntry { seq, at: at(s), fact: Fact::Keyed { digits: digits.to_owned() } }
}

/// A note.
pub(crate) fn note(contact: ContactId, agent: StaffId, text: &str) -> Note {
    Note { contact, agent, text: Pii::new(text.to_owned()), at: at(60) }
}

/// A wrap-up.
pub(crate) fn wrap_up(contact: ContactId, agent: StaffId, code: Disposition) -> WrapUp {
    WrapUp { contact, agent, code, note: Pii::new("金额已确认".to_owned()), at: at(120) }
}

/// A customer of a wallet, as a hash.
pub(crate) fn subject(name: &str) -> Subject {
    Subject::new(format!("hash of {name}"))
}

/// A code that was sent.
pub(crate) fn challenge() -> Challenge {
    Challenge {
        id: id(),
        contact: id(),
        wallet: "jinqiao".to_owned(),
        subject: subject("a"),
        factor: Factor::SmsCode,
        code: CodeHash::new("0123456789abcdef".to_owned()),
        counts: true,
        signal: None,
        sent_at: T0,
        expires_at: at(600),
        wrong: 0,
        state: ChallengeState::Open,
        kept_until: at(86_400 * 730),
    }
}

/// An act that was decided.
pub(crate) fn operation(case: CaseId, s: i64) -> Operation {
    let operation: OperationId = id();
    Operation {
        id: operation,
        key: format!("key of {operation}"),
        act: "freeze".to_owned(),
        wallet: "jinqiao".to_owned(),
        subject: subject("a"),
        case,
        contact: id(),
        level: Level::A1,
        evidence: vec![id()],
        permit_expires_at: at(s + 600),
        digest: "d1".to_owned(),
        send_by: at(s + 86_400),
        state: State::Committed,
        declined: None,
        maker: None,
        checker: None,
        errand: None,
        created_at: at(s),
        settled_at: None,
    }
}

/// A case that was opened.
pub(crate) fn case(kind: CaseKind, subject: Subject, transaction: Option<&str>, s: i64) -> Case {
    let new =
        NewCase { id: id(), reference: Reference::draw(u64::try_from(T0.0 / 1_000_000 + s).unwrap()), keep: Keep::default() };
    Case::open(new, kind, "jinqiao".to_owned(), subject, transaction.map(str::to_owned), id(), at(s))
}

/// The number errands are about.
pub(crate) const NUMBER: &str = "+8619000000001";

/// An errand that sends a code, due at once.
pub(crate) fn errand(contact: Option<ContactId>, s: i64) -> Errand {
    let message = Message::Code { code: Pii::new("493817".to_owned()) };
    let to = Pii::new(NUMBER.to_owned());
    let job = Job::Message { channel: outbox::Channel::Sms, to, message, language: Language::ZhCn };
    Errand::new(id(), "jinqiao".to_owned(), contact, job, at(s), at(s + 600))
}

/// A member of staff.
pub(crate) fn staff(user: &str, number: &str) -> Staff {
    Staff {
        id: id(),
        user: user.to_owned(),
        number: number.to_owned(),
        role: Role::Agent,
        languages: vec![Language::ZhCn, Language::En],
        skills: vec!["general".to_owned()],
        teams: Teams::default(),
        password_hash: Some(Secret::new("$argon2id$v=19$…".to_owned())),
        sip_ha1: None,
    }
}

/// The commit by which a contact with its first leg and line comes to be.
pub(crate) fn opened(contact: &Contact, leg: &Leg) -> Commit {
    let line = TimelineEntry { seq: 0, at: contact.opened_at, fact: Fact::Keyed { digits: "1".to_owned() } };
    let changes = vec![
        Change::Contact(0, Box::new(contact.clone())),
        Change::Leg(0, Box::new(leg.clone())),
        Change::Timeline(contact.id, line),
    ];
    commit("contact.opened", contact.id, changes)
}
