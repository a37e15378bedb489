//! How a line stands for its callers now: by the plan it keeps, or as it is held, and by the wait that is to be expected. Whoever waits
//! in a queue already stays there, whatever the hour.

use super::caller::Caller;
use super::{LineState, Switchboard, Work};
use crate::call::Service;
use crate::ivr::dialogue::Moment;
use crate::ivr::doors::{Away, AwayFor, Back, BackOn, Doors, LongWait};
use crate::ivr::run::Run;
use crate::kernel::{
    language::Language,
    time::{Now, Wall},
};
use crate::queue::hours::{Hours, Next, Standing, Why};
use crate::queue::wait::{Range, Wait};
use std::sync::Arc;

/// Hours are kept to the minute, so what was reckoned holds for the rest of it.
const MINUTE_US: i64 = 60_000_000;

/// How a line stood within one minute.
pub(super) struct Stands {
    minute: i64,
    doors: Arc<Doors>,
}

impl Switchboard {
    /// A line is held in a state, or goes by its plan again.
    pub(super) fn line_held(&mut self, number: &str, state: Option<LineState>) {
        if let Some(line) = self.lines.get_mut(number) {
            line.held = state;
            self.stands.remove(number);
        }
    }

    /// Tells a flow how its line stands, before anything else happens in it.
    pub(super) fn tell_doors(&mut self, work: &Work, caller: &Caller, run: &mut Run) {
        let contact = caller.record.contact();
        let language = contact.language.unwrap_or(Language::ZhCn);
        let line = contact.line.clone();
        run.stands_at(caller.standing.level());
        run.line_stands(self.doors(work.now, &line, language));
    }

    /// How a line stands for whoever speaks this language.
    pub(super) fn doors(&mut self, now: Now, number: &str, language: Language) -> Arc<Doors> {
        let Some(line) = self.lines.get(number) else { return Arc::default() };
        let minute = now.wall.0.div_euclid(MINUTE_US);
        let doors = match self.stands.get(number).filter(|stands| stands.minute == minute) {
            Some(stands) => Arc::clone(&stands.doors),
            None => {
                let doors = Arc::new(doors(line.held, line.hours.as_deref(), now.wall));
                self.stands.insert(number.to_owned(), Stands { minute, doors: Arc::clone(&doors) });
                doors
            }
        };
        let held = self.lines.get(number).and_then(|line| line.held);
        let minutes = match self.expected(now.mono, language) {
            Wait::Between(Range { from_min, to_min }) => Some((from_min, to_min)),
            Wait::Soon | Wait::NobodyThere | Wait::TooLittleKnown => None,
        };
        let long = minutes.is_some_and(|(_, to)| to >= self.settings.long_wait_min);
        if held == Some(LineState::Overload) || long {
            return Arc::new(Doors { long_wait: Some(LongWait { minutes }), ..(*doors).clone() });
        }
        doors
    }
}

fn doors(held: Option<LineState>, hours: Option<&Hours>, at: Wall) -> Doors {
    let services = || [None].into_iter().chain(Service::ALL.map(Some)).filter(|service| *service != Some(Service::Freeze));
    let all_away = |why| {
        let away =
            |service| (service, Away { why, back: hours.and_then(|hours| back(hours, hours.next_opening(service, at), at)) });
        services().map(away).collect()
    };
    match held {
        Some(LineState::Open | LineState::Overload) => Doors::default(),
        Some(LineState::Incident) => Doors { incident: true, ..Doors::default() },
        Some(LineState::Closed) => Doors { away: all_away(AwayFor::Hours), ..Doors::default() },
        Some(LineState::Holiday) => Doors { away: all_away(AwayFor::Holiday), ..Doors::default() },
        None => {
            let Some(hours) = hours else { return Doors::default() };
            let away =
                services().filter(|service| !hours.serves(*service, at)).map(|service| (service, away(hours, service, at)));
            Doors { away: away.collect(), ..Doors::default() }
        }
    }
}

/// Why nobody is there by the plan, and until when.
fn away(hours: &Hours, service: Option<Service>, at: Wall) -> Away {
    match hours.status(service, at) {
        Standing::Closed { why, opens, .. } => {
            let why = match why {
                Why::OutOfHours => AwayFor::Hours,
                Why::Holiday(_) => AwayFor::Holiday,
                Why::Closure(_) => AwayFor::Closure,
            };
            Away { why, back: back(hours, opens, at) }
        }
        // Closed by the ordinary week of a year whose holidays are not announced: no opening is promised.
        Standing::Open { .. } | Standing::NotAnnounced { .. } => Away { why: AwayFor::Hours, back: None },
    }
}

/// When somebody is there again, as it is said now.
fn back(hours: &Hours, opens: Next, at: Wall) -> Option<Back> {
    let Next::At(opens) = opens else { return None };
    let (today, local) = (hours.date_of(at)?, hours.local(opens)?);
    let day = match local.date() {
        date if date == today => BackOn::Today,
        date if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) => BackOn::Tomorrow,
        _ => BackOn::Date,
    };
    let at = Moment {
        year: u16::try_from(local.year()).ok()?,
        month: u8::try_from(local.month()).ok()?,
        day: u8::try_from(local.day()).ok()?,
        hour: u8::try_from(local.hour()).ok()?,
        minute: u8::try_from(local.minute()).ok()?,
    };
    Some(Back { day, at })
}
