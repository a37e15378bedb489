//! What can happen, as the laws draw it.

use proptest::prelude::*;

/// Something that happens. Numbers choose among what there is at that moment.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Dial {
        line: usize,
        web: bool,
    },
    /// A caller who knows the way: into a queue in one go.
    Reach {
        line: usize,
        keys: usize,
    },
    /// An agent comes to work: at a desk, with a phone, or both.
    Man(usize, usize),
    /// An agent takes the newest offer: on the phone if that rings, else at the desk, where the audio comes up.
    Take,
    Up(usize),
    Digit(usize, char),
    Heard(usize),
    EndLeg(usize, usize),
    /// A leg that was told to hang up ends.
    Obey(usize),
    Desk(usize, usize),
    Phone(usize, bool),
    Ask(usize, usize),
    Accept(usize, bool),
    Decline(usize),
    HangUp(usize, usize),
    Finish(usize, usize),
    /// An agent puts the customer at hand on hold, or takes them back.
    Hold(usize, bool),
    /// An agent has the customer at hand key a code, or ends that.
    Challenge(usize, usize),
    /// The outside answers the last question of the nth contact.
    Answer(usize, usize),
    /// An agent hands the call at hand on: to the nth agent, queue or number outside.
    Transfer(usize, usize, bool),
    /// An agent hands the call at hand on to a number outside, where somebody answers.
    HandOut(usize, bool),
    /// Whoever is called outside rings, answers, is busy or hangs up.
    Far(usize, usize),
    /// An agent calls it off, or leaves the call.
    Part(usize, bool),
    /// A supervisor listens to the nth call, or takes it over.
    Watch(usize, usize),
    /// An agent takes the call up again at the desk.
    Reconnect(usize, bool),
    /// A leg's phone puts us on hold, or takes us back.
    PhoneHolds(usize, bool),
    /// The phone of the nth leg asks to be handed on: to an agent, a queue, nobody, or with the place of another of its calls.
    Refers(usize, usize),
    /// The phone of the nth agent who is with somebody dials: a colleague, nobody, or the place of a call.
    Dials(usize, usize),
    Pass(u64),
    Store(usize, bool),
    Staff(usize),
    /// A step about this call panics.
    Panic(usize),
    Drain,
}

pub(super) fn op() -> impl Strategy<Value = Op> {
    let which = || 0..1_000_usize;
    let digit = prop::sample::select("0123456789*#A9022".chars().collect::<Vec<_>>());
    prop_oneof![
        6 => (0..3_usize, any::<bool>()).prop_map(|(line, web)| Op::Dial { line, web }),
        8 => (0..3_usize, which()).prop_map(|(line, keys)| Op::Reach { line, keys }),
        8 => (which(), which()).prop_map(|(agent, how)| Op::Man(agent, how)),
        12 => Just(Op::Take),
        6 => which().prop_map(Op::Up),
        14 => (which(), digit).prop_map(|(leg, digit)| Op::Digit(leg, digit)),
        24 => which().prop_map(Op::Heard),
        3 => (which(), which()).prop_map(|(leg, cause)| Op::EndLeg(leg, cause)),
        6 => which().prop_map(Op::Obey),
        8 => (which(), which()).prop_map(|(agent, what)| Op::Desk(agent, what)),
        4 => (which(), any::<bool>()).prop_map(|(agent, on)| Op::Phone(agent, on)),
        8 => (which(), which()).prop_map(|(agent, state)| Op::Ask(agent, state)),
        8 => (which(), any::<bool>()).prop_map(|(offer, right)| Op::Accept(offer, right)),
        1 => which().prop_map(Op::Decline),
        2 => (which(), which()).prop_map(|(agent, contact)| Op::HangUp(agent, contact)),
        4 => (which(), which()).prop_map(|(agent, contact)| Op::Finish(agent, contact)),
        5 => (which(), any::<bool>()).prop_map(|(contact, hold)| Op::Hold(contact, hold)),
        7 => (which(), which()).prop_map(|(contact, how)| Op::Challenge(contact, how)),
        7 => (which(), which()).prop_map(|(contact, how)| Op::Answer(contact, how)),
        10 => (which(), which(), any::<bool>()).prop_map(|(contact, to, blind)| Op::Transfer(contact, to, blind)),
        8 => (which(), any::<bool>()).prop_map(|(contact, blind)| Op::HandOut(contact, blind)),
        8 => (which(), which()).prop_map(|(leg, what)| Op::Far(leg, what)),
        4 => (which(), any::<bool>()).prop_map(|(contact, back)| Op::Part(contact, back)),
        6 => (which(), which()).prop_map(|(contact, how)| Op::Watch(contact, how)),
        4 => (which(), any::<bool>()).prop_map(|(contact, up)| Op::Reconnect(contact, up)),
        2 => (which(), any::<bool>()).prop_map(|(leg, hold)| Op::PhoneHolds(leg, hold)),
        6 => (which(), which()).prop_map(|(leg, to)| Op::Refers(leg, to)),
        6 => (which(), which()).prop_map(|(agent, to)| Op::Dials(agent, to)),
        14 => prop_oneof![6 => 0..3_000_u64, 1 => 0..40_000_u64].prop_map(Op::Pass),
        8 => (which(), any::<bool>()).prop_map(|(ticket, durable)| Op::Store(ticket, durable)),
        1 => which().prop_map(Op::Staff),
    ]
}

/// The same, with panics and an order to stop now and then.
pub(super) fn rough_op() -> impl Strategy<Value = Op> {
    prop_oneof![200 => op(), 6 => (0..1_000_usize).prop_map(Op::Panic), 1 => Just(Op::Drain)]
}
