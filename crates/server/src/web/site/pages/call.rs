//! A call from the page: a test of microphone and loudspeaker, the call, and the telephone for whoever has no script. What is said
//! while the call is up stands in a template that the script takes its sheet from.

use crate::config::Line;
use crate::web::State;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts::{self, Icon, Tone};
use crate::web::site::visitor::Visitor;
use crate::web::site::words::{self, Call, Shared as SharedWords};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

/// A call pass that was made on the page before.
#[derive(Deserialize)]
pub(in crate::web::site) struct Carried {
    pass: Option<String>,
}

/// `GET /help/call`.
pub(in crate::web::site) async fn show(
    Shared(state): Shared<State>,
    visitor: Visitor,
    carried: Result<Query<Carried>, QueryRejection>,
) -> Response {
    let words = words::of(visitor.language);
    let (w, c) = (&words.shared, &words.call);
    let pass = carried.ok().and_then(|Query(carried)| carried.pass);
    let main = html! {
        (parts::crumbs(w, w.call))
        h1 { (c.title) }
        @match layout::line(&state, &visitor) {
            Some(line) => {
                @let number = layout::official_number(&state, &visitor.wallet.id).unwrap_or_else(|| line.number.clone());
                (body(&visitor, w, c, Called { line, number: &number }, pass.as_deref()))
            }
            None => p.lead { (c.no_line) },
        }
    };
    visitor.answer(layout::page(&state, &visitor, Place::Call, c.title, &main))
}

/// The line that the browser calls, and the number that a telephone does.
#[derive(Clone, Copy)]
struct Called<'a> {
    line: &'a Line,
    number: &'a str,
}

fn body(visitor: &Visitor, w: &SharedWords, c: &Call, called: Called<'_>, pass: Option<&str>) -> Markup {
    html! {
        p.lead { (c.lead) }
        div data-call-plain { (parts::notice(Tone::Info, &html! { p { (c.needs_script) } })) }
        div data-call-unsupported hidden { (parts::notice(Tone::Warning, &html! { p { (c.unsupported) } })) }
        div data-call-elsewhere role="alert" hidden { (parts::notice(Tone::Warning, &html! { p { (c.elsewhere) } })) }
        div.grid.section {
            section.card.strong data-call-setup data-line=(called.line.number) data-lang=(visitor.language.tag()) data-pass=[pass] hidden {
                h2 { (c.call_heading) }
                p { (c.call_text) }
                button.button.ok.wide type="button" data-call-start { (parts::icon(Icon::Phone)) span { (c.call_now) } }
                ul.plain-list.small.muted { @for fact in c.facts { li { (fact) } } }
            }
            (device_test(c))
            section.card {
                h2 { (c.by_phone) }
                p { (c.by_phone_text) }
                (parts::number(w, called.number))
            }
        }
        section {
            h2 { (c.keys_heading) }
            dl.facts.narrow { @for (key, what) in c.keys { dt { kbd { (key) } } dd { (what) } } }
        }
        (sheet(visitor, c, called.number))
    }
}

/// Whether the visitor can be heard and hears, before anybody waits for them.
fn device_test(c: &Call) -> Markup {
    html! {
        section.card data-device-test hidden data-quiet=(c.test_quiet) data-heard=(c.test_heard) data-recording=(c.test_recording)
            data-playing=(c.test_playing) data-tone=(c.test_tone_playing) data-denied=(c.denied) data-missing=(c.missing)
            data-unsupported=(c.unsupported) {
            h2 { (c.test_heading) }
            p { (c.test_text) }
            div.row {
                button.button.quiet type="button" data-test="microphone" aria-pressed="false" data-stop=(c.test_stop) { (c.test_microphone) }
                button.button.quiet type="button" data-test="echo" hidden { (c.test_echo) }
                button.button.quiet type="button" data-test="tone" { (c.test_tone) }
            }
            div.level data-level hidden aria-hidden="true" { span {} }
            p.test-status role="status" data-test-status {}
        }
    }
}

/// The sheet of a call, as the script finds it. It keeps the language in which the call was begun.
fn sheet(visitor: &Visitor, c: &Call, number: &str) -> Markup {
    let says = &c.says;
    html! {
        template #call-sheet {
            section.sheet lang=(visitor.language.tag()) aria-label=(c.sheet) data-microphone=(says.microphone) data-calling=(says.calling)
                data-talking=(says.talking) data-silent=(says.silent) data-unreachable=(says.unreachable) data-mute=(c.mute)
                data-unmute=(c.unmute) data-end-hung_up=(says.hung_up) data-end-busy=(says.busy)
                data-end-unknown_line=(says.failed) data-end-overloaded=(says.overloaded) data-end-too_many=(says.too_many)
                data-end-failed=(says.failed) data-end-lost=(says.lost) data-end-denied=(c.denied) data-end-missing=(c.missing)
                data-end-unsupported=(c.unsupported) {
                div.sheet-inner {
                    div.sheet-head {
                        div {
                            p.sheet-state role="status" {}
                            p.sheet-what.muted { (visitor.wallet_name()) " · " span.number { (number) } " " span.sheet-time role="timer" {} }
                        }
                        div.level aria-hidden="true" { span {} }
                    }
                    p.sheet-note role="alert" hidden {}
                    div.sheet-keys id="sheet-keys" hidden {
                        p.keys-pressed { span.visually-hidden { (c.pressed) } output {} }
                        div.keypad role="group" aria-label=(c.keypad) {
                            @for key in ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] {
                                button type="button" data-key=(key) { (key) }
                            }
                        }
                    }
                    div.sheet-buttons data-during {
                        button.button.quiet type="button" data-sheet="mute" aria-pressed="false" { (c.mute) }
                        button.button.quiet type="button" data-sheet="keys" aria-expanded="false" aria-controls="sheet-keys" { (c.keypad) }
                        button.button.bad type="button" data-sheet="hang-up" { (c.hang_up) }
                    }
                    div.sheet-after data-after hidden {
                        p { (c.after) " " a.number href={ "tel:" (number) } { (number) } }
                        div.sheet-buttons {
                            button.button type="button" data-sheet="again" { (c.call_again) }
                            button.button.quiet type="button" data-sheet="close" { (c.close) }
                        }
                    }
                }
            }
        }
    }
}
