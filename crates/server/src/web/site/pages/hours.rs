//! When people answer: now, on a day somebody names, and when next. Whole without a script: the day is a form.

use crate::web::State;
use crate::web::routes::public::{hours::instant, line_of};
use crate::web::site::layout::{self, Place};
use crate::web::site::visitor::Visitor;
use crate::web::site::words::{self, Hours as Words};
use axum::extract::{Query, State as Shared};
use axum::http::Uri;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;
use walletline_core::call::Service;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::Wall;
use walletline_core::queue::hours::{DayKind, Next, Standing, Why};
use walletline_core::switchboard::LineOutlook;

/// The day somebody asks about.
#[derive(Default, Deserialize)]
struct Asked {
    day: Option<String>,
}

/// `GET /help/hours`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor, uri: Uri) -> Response {
    let w = &words::of(visitor.language).hours;
    // A page is shown whatever stands in its query.
    let asked = Query::<Asked>::try_from_uri(&uri).map(|query| query.0).unwrap_or_default();
    let asked = asked.day.filter(|day| !day.trim().is_empty());
    let zone = &visitor.wallet.zone;
    let at = asked.as_deref().map(|text| instant(text, zone));
    let now = state.clock.wall();
    let page = Page { w, language: visitor.language, zone, now };
    let main = html! {
        h1 { (w.title) }
        @if let Some(line) = line_of_wallet(&state, &visitor.wallet.id) {
            section.card {
                h2 { (w.now) }
                (page.standing(&line.standing(None, now)))
                @if line.held.is_some() { p.note { (w.held_open) } }
                p { a.alone href="/help/wait" { (w.see_wait) } }
            }
            section.card {
                h2 { (page.date(now)) }
                (page.day(&line, now))
            }
            section.card {
                h2 #day { (w.on_a_day) }
                form method="get" action="/help/hours#day" {
                    label for="which" { (w.which_day) }
                    input #which type="date" name="day" required value=[asked.as_deref()];
                    button type="submit" { (w.show) }
                }
                @match at {
                    None => {}
                    Some(None) => p role="alert" { (w.bad_day) },
                    Some(Some(at)) => { h3 { (page.date(at)) } (page.day(&line, at)) }
                }
            }
            p.note { (w.zone_note.replace("{zone}", zone.iana_name().unwrap_or("UTC"))) }
            p { (w.closed_helps) }
        }
    };
    visitor.answer(layout::page(&state, &visitor, Place::Hours, w.title, &main))
}

/// The first line of a wallet.
pub(super) fn line_of_wallet(state: &State, wallet: &str) -> Option<LineOutlook> {
    let number = &state.config.lines.iter().find(|line| line.wallet == wallet)?.number;
    line_of(&state.engine.outlook(), Some(number)).ok().map(|(_, line)| line)
}

/// What the parts of a page share.
pub(super) struct Page<'a> {
    pub(super) w: &'a Words,
    pub(super) language: Language,
    pub(super) zone: &'a TimeZone,
    pub(super) now: Wall,
}

impl Page<'_> {
    /// How it stands, why, and when next.
    pub(super) fn standing(&self, standing: &Standing) -> Markup {
        let w = self.w;
        html! {
            @match standing {
                Standing::Open { until: Some(until), .. } => p.open { strong { (w.open_until.replace("{at}", &self.moment(*until))) } },
                Standing::Open { until: None, .. } => p.open { strong { (w.open) } },
                Standing::NotAnnounced { year } => p { (w.not_announced.replace("{year}", &year.to_string())) },
                Standing::Closed { why, opens, .. } => {
                    p.closed { strong { (w.closed) } " " (self.why(why)) }
                    @match opens {
                        Next::At(at) => p { (w.next.replace("{at}", &self.moment(*at))) },
                        Next::NotAnnounced(year) => p { (w.next_unknown.replace("{year}", &year.to_string())) },
                        Next::Never => {}
                    }
                }
            }
        }
    }

    fn why(&self, why: &Why) -> String {
        let w = self.w;
        match why {
            Why::OutOfHours => w.out_of_hours.to_owned(),
            Why::Holiday(names) => {
                let name = names.as_ref().and_then(|names| names.get(&self.language));
                let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
                w.holiday.replace("{name}", &name)
            }
            Why::Closure(names) => w.closure.replace("{name}", names.get(&self.language).map_or("", String::as_str)),
        }
    }

    /// The hours of a day, service by service.
    fn day(&self, line: &LineOutlook, at: Wall) -> Markup {
        let w = self.w;
        let Some((hours, date)) = line.hours.as_ref().and_then(|hours| Some((hours, hours.date_of(at)?))) else {
            return html! { p { (w.always) } };
        };
        let general = hours.day(None, date);
        let rows = Service::ALL.map(Some).into_iter().chain([None]).map(|service| {
            let name = service.map_or(w.general, |service| (w.services)(service));
            (name, hours.day(service, date).open)
        });
        html! {
            @match &general.kind {
                DayKind::Holiday(names) => p { (self.why(&Why::Holiday(names.clone()))) },
                DayKind::Workday => p { (w.workday) },
                DayKind::NotAnnounced(year) => p { (w.not_announced.replace("{year}", &year.to_string())) },
                DayKind::Ordinary => {}
            }
            table {
                thead { tr { th scope="col" { (w.service) } th scope="col" { (w.hours) } } }
                tbody {
                    @for (name, open) in rows {
                        tr { th scope="row" { (name) } td { (open.map_or_else(|| "–".to_owned(), |open| self.stretches(&open))) } }
                    }
                }
            }
        }
    }

    fn stretches(&self, open: &[(Wall, Wall)]) -> String {
        const DAY_US: i64 = 23 * 3_600_000_000;
        match open {
            [] => self.w.shut_all_day.to_owned(),
            // A day on which the clocks change has an hour less or more.
            [(from, to)] if to.0 - from.0 >= DAY_US => self.w.whole_day.to_owned(),
            open => {
                open.iter().map(|(from, to)| format!("{}–{}", self.time(*from), self.time(*to))).collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn local(&self, at: Wall) -> jiff::civil::DateTime {
        self.zone.to_datetime(Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    fn time(&self, at: Wall) -> String {
        self.local(at).strftime("%H:%M").to_string()
    }

    /// A day in words.
    fn date(&self, at: Wall) -> String {
        let local = self.local(at);
        match self.language {
            Language::ZhCn => format!("{}年{}月{}日", local.year(), local.month(), local.day()),
            Language::En => local.strftime("%A, %-d %B %Y").to_string(),
        }
    }

    /// A point in time: the day is left out when it is today.
    fn moment(&self, at: Wall) -> String {
        if self.local(at).date() == self.local(self.now).date() {
            return self.time(at);
        }
        format!("{} {}", self.date(at), self.time(at))
    }
}
