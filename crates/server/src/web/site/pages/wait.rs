//! How long the wait is now: a range, or that it cannot be said. A script asks again; without one the page is as old as its loading.

use super::hours::{Page, line_of_wallet};
use crate::web::State;
use crate::web::site::layout::{self, Place};
use crate::web::site::visitor::Visitor;
use crate::web::site::words;
use axum::extract::State as Shared;
use axum::response::Response;
use maud::{Markup, html};
use walletline_core::queue::hours::Standing;
use walletline_core::queue::wait::{Range, Wait};

/// `GET /help/wait`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor) -> Response {
    let w = &words::of(visitor.language).hours;
    let number = state.config.lines.iter().find(|line| line.wallet == visitor.wallet.id).map(|line| line.number.as_str());
    let now = state.clock.wall();
    let page = Page { w, language: visitor.language, zone: &visitor.wallet.zone, now };
    let score = state.engine.outlook().score;
    let said = w.wait_score.replace("{true}", &score.came_true.to_string()).replace("{said}", &score.said.to_string());
    let main = html! {
        h1 { (w.wait_title) }
        @if let Some(line) = line_of_wallet(&state, &visitor.wallet.id) {
            @let standing = line.standing(None, now);
            section.card {
                @if matches!(standing, Standing::Closed { .. }) {
                    (page.standing(&standing))
                } @else {
                    (page.wait(line.wait, number))
                    p.note data-live hidden { (w.wait_live) }
                }
            }
            p { (w.wait_how) }
            p { (if score.said == 0 { w.wait_no_score } else { &said }) }
            p { a.alone href="/help/hours" { (w.see_hours) } }
        }
    };
    visitor.answer(layout::page(&state, &visitor, Place::Hours, w.wait_title, &main))
}

impl Page<'_> {
    /// The wait, with the words in which a script keeps it fresh.
    pub(super) fn wait(&self, wait: Wait, number: Option<&str>) -> Markup {
        let w = self.w;
        html! {
            p.wait aria-live="polite" data-line=[number]
                data-soon=(w.wait_soon) data-range=(w.wait_range) data-cannot-say=(w.wait_cannot_say) data-closed=(w.closed) {
                strong {
                    @match wait {
                        Wait::Soon => (w.wait_soon),
                        Wait::Between(Range { from_min, to_min }) => {
                            (w.wait_range.replace("{from}", &from_min.to_string()).replace("{to}", &to_min.to_string()))
                        }
                        Wait::NobodyThere | Wait::TooLittleKnown => (w.wait_cannot_say),
                    }
                }
            }
        }
    }
}
