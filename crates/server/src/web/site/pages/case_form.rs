//! Opening a case: something to complain of, or a payment that was not made or went wrong. Whole without a script, and nobody is asked who
//! they are. What was typed stays when something is wrong with it; the same form sent twice is one case.

use super::tracking::{self, written};
use crate::cases::{FileError, Filed, Form};
use crate::web::State;
use crate::web::case_form::{CaseForm, DISPUTES, EVIDENCE, File};
use crate::web::error::Problem;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts::{self, Tone};
use crate::web::site::visitor::Visitor;
use crate::web::site::words;
use crate::web::site::words::cases::{CaseWords, FormWords};
use crate::web::site::words::tracking::TrackingWords;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use walletline_core::cases::{BadStatement, TEXT_CHARS_MAX};
use walletline_core::help::Reported;

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Complain,
    Dispute,
}

impl Purpose {
    const fn path(self) -> &'static str {
        match self {
            Self::Complain => "/help/complain",
            Self::Dispute => "/help/dispute",
        }
    }

    const fn words(self, w: &CaseWords) -> &FormWords {
        match self {
            Self::Complain => &w.complain,
            Self::Dispute => &w.dispute,
        }
    }
}

/// What is wrong with what was sent: the field, and the words.
#[derive(Debug, Clone, Copy)]
struct Wrong {
    field: &'static str,
    words: &'static str,
    status: StatusCode,
}

/// `GET /help/complain`.
pub(in crate::web::site) async fn complain(Shared(state): Shared<State>, visitor: Visitor) -> Response {
    show(&state, &visitor, Purpose::Complain)
}

/// `GET /help/dispute`.
pub(in crate::web::site) async fn dispute(Shared(state): Shared<State>, visitor: Visitor) -> Response {
    show(&state, &visitor, Purpose::Dispute)
}

/// `POST /help/complain`.
pub(in crate::web::site) async fn file_complaint(
    Shared(state): Shared<State>,
    visitor: Visitor,
    sent: Result<CaseForm, Problem>,
) -> Response {
    file(&state, &visitor, Purpose::Complain, sent).await
}

/// `POST /help/dispute`.
pub(in crate::web::site) async fn file_dispute(
    Shared(state): Shared<State>,
    visitor: Visitor,
    sent: Result<CaseForm, Problem>,
) -> Response {
    file(&state, &visitor, Purpose::Dispute, sent).await
}

fn show(state: &State, visitor: &Visitor, purpose: Purpose) -> Response {
    let Some(key) = fresh_key(state) else { return Problem::unavailable().into_response() };
    page(state, visitor, purpose, &CaseForm { key, ..CaseForm::default() }, None)
}

/// A key for a page, so that a form sent twice is known again; none where cases are not kept.
fn fresh_key(state: &State) -> Option<String> {
    state.cases.as_ref()?.names.form_key().ok()
}

async fn file(state: &State, visitor: &Visitor, purpose: Purpose, sent: Result<CaseForm, Problem>) -> Response {
    let w = CaseWords::of(visitor.language);
    let mut sent = match sent {
        Ok(sent) => sent,
        Err(problem) => {
            let Some(key) = fresh_key(state) else { return Problem::unavailable().into_response() };
            let too_large = problem.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let words = if too_large { w.errors.too_large } else { w.errors.unreadable };
            let wrong = Wrong { field: "text", words, status: problem.status() };
            return page(state, visitor, purpose, &CaseForm { key, ..CaseForm::default() }, Some(wrong));
        }
    };
    match made(state, visitor, purpose, &mut sent).await {
        Ok(filed) => {
            let main = done(state, visitor, purpose, &filed);
            let title = purpose.words(w).done;
            tracking::kept_private(visitor.answer(layout::page(state, visitor, Place::Elsewhere, title, &main)), StatusCode::OK)
        }
        Err(wrong) => page(state, visitor, purpose, &sent, Some(wrong)),
    }
}

async fn made(state: &State, visitor: &Visitor, purpose: Purpose, sent: &mut CaseForm) -> Result<Filed, Wrong> {
    let w = CaseWords::of(visitor.language);
    let e = &w.errors;
    let refused = |field, words| Wrong { field, words, status: StatusCode::UNPROCESSABLE_ENTITY };
    let what = match purpose {
        Purpose::Complain => Reported::Complaint,
        Purpose::Dispute => sent.what.ok_or_else(|| refused(DISPUTES[0].0, e.nothing_chosen))?,
    };
    let file = match std::mem::take(&mut sent.file) {
        File::None => None,
        File::Staged(staged) => Some(staged),
        File::Refused(why) => return Err(refused(EVIDENCE, w.evidence.refused(why))),
    };
    let wallet =
        state.config.wallets.iter().find(|wallet| wallet.id == sent.wallet).map_or(&visitor.wallet.id, |wallet| &wallet.id);
    let line = state.config.lines.iter().find(|line| line.wallet == *wallet).map(|line| line.number.clone());
    let away = Wrong { field: "text", words: e.unavailable, status: StatusCode::SERVICE_UNAVAILABLE };
    let cases = state.cases.as_ref().ok_or(away)?;
    let form = Form {
        wallet: wallet.clone(),
        line: line.unwrap_or_default(),
        language: visitor.language,
        what,
        key: sent.key.clone(),
        number: sent.number.clone(),
        typed: sent.typed.clone(),
    };
    cases.file(form, file).await.map_err(|error| match error {
        FileError::Bad(BadStatement::NumberMissing) => refused("number", e.number_missing),
        FileError::Bad(BadStatement::NotANumber) => refused("number", e.not_a_number),
        FileError::Bad(BadStatement::NotATransaction) => refused("transaction", e.not_a_transaction),
        FileError::Bad(BadStatement::TextMissing) => refused("text", e.text_missing),
        FileError::Bad(BadStatement::TextTooLong) => refused("text", e.text_too_long),
        FileError::Bad(BadStatement::NotAnAgent) => refused("agent", e.not_an_agent),
        FileError::TooMany => Wrong { field: "number", words: e.too_many, status: StatusCode::TOO_MANY_REQUESTS },
        FileError::Unavailable => away,
    })
}

fn page(state: &State, visitor: &Visitor, purpose: Purpose, sent: &CaseForm, wrong: Option<Wrong>) -> Response {
    let (shared, w) = (&words::of(visitor.language).shared, CaseWords::of(visitor.language));
    let f = purpose.words(w);
    let main = html! {
        (parts::crumbs(shared, f.title))
        @if let Some(wrong) = wrong {
            div role="alert" {
                (parts::notice(Tone::Warning, &html! { p { strong { (w.errors.nothing_sent) } " " a href={ "#" (wrong.field) } { (wrong.words) } } }))
            }
        }
        h1 { (f.title) }
        p.lead { (f.lead) }
        @if purpose == Purpose::Dispute { (freeze(state, visitor, w)) }
        (form(visitor, purpose, w, sent, wrong))
    };
    let status = wrong.map_or(StatusCode::OK, |wrong| wrong.status);
    tracking::kept_private(visitor.answer(layout::page(state, visitor, Place::Elsewhere, f.title, &main)), status)
}

/// The way to stop everything comes before any form.
fn freeze(state: &State, visitor: &Visitor, w: &CaseWords) -> Markup {
    let shared = &words::of(visitor.language).shared;
    parts::notice(
        Tone::Warning,
        &html! {
            p { strong { (w.freeze) } }
            @if let Some(number) = layout::official_number(state, &visitor.wallet.id) { (parts::number(shared, &number)) }
            p { a.alone href="/help/articles/freeze-account" { (w.freeze_more) } }
        },
    )
}

fn form(visitor: &Visitor, purpose: Purpose, w: &CaseWords, sent: &CaseForm, wrong: Option<Wrong>) -> Markup {
    let f = purpose.words(w);
    let invalid = |field: &str| wrong.is_some_and(|wrong| wrong.field == field).then_some("true");
    let is_dispute = purpose == Purpose::Dispute;
    html! {
        form method="post" action=(purpose.path()) enctype="multipart/form-data" {
            input type="hidden" name="key" value=(sent.key);
            input type="hidden" name="wallet" value=(visitor.wallet.id);
            @match purpose {
                Purpose::Dispute => {
                    fieldset {
                        legend { (w.what) }
                        @for ((name, what), words) in DISPUTES.into_iter().zip(w.disputes) {
                            label.choice for=(name) {
                                input id=(name) type="radio" name="what" value=(name) required checked[sent.what == Some(what)];
                                " " (words)
                            }
                        }
                    }
                }
                Purpose::Complain => {
                    fieldset {
                        legend { (w.about) }
                        @for (name, words, chosen) in [("wallet", w.about_wallet, !sent.typed.hotline), ("hotline", w.about_hotline, sent.typed.hotline)] {
                            label.choice for={ "about-" (name) } {
                                input id={ "about-" (name) } type="radio" name="about" value=(name) checked[chosen];
                                " " (words)
                            }
                        }
                    }
                    div.field {
                        (label("agent", w.agent, Some(w.optional)))
                        input #agent type="text" name="agent" value=(sent.typed.agent) inputmode="numeric" maxlength="40" autocomplete="off"
                            aria-describedby="agent-hint" aria-invalid=[invalid("agent")];
                        (hint("agent", w.agent_hint))
                    }
                }
            }
            div.field {
                (label("number", w.number, (!is_dispute).then_some(w.optional)))
                input #number type="tel" name="number" value=(sent.number) maxlength="40" autocomplete="tel" required[is_dispute]
                    aria-describedby="number-hint" aria-invalid=[invalid("number")];
                (hint("number", w.number_hint))
            }
            div.field {
                (label("transaction", w.transaction, Some(w.optional)))
                input #transaction type="text" name="transaction" value=(sent.typed.transaction) inputmode="numeric" maxlength="40"
                    autocomplete="off" aria-describedby="transaction-hint" aria-invalid=[invalid("transaction")];
                (hint("transaction", w.transaction_hint))
            }
            div.field {
                (label("text", f.text, is_dispute.then_some(w.optional)))
                textarea #text name="text" rows="6" maxlength=(TEXT_CHARS_MAX) required[!is_dispute] aria-describedby="text-hint"
                    aria-invalid=[invalid("text")] { (sent.typed.text) }
                (hint("text", w.text_hint))
            }
            @if is_dispute { (evidence(w, invalid(EVIDENCE).is_some())) }
            p.muted { (f.kept) }
            button.button.wide type="submit" { (f.send) }
        }
    }
}

/// Where a file is chosen: the last field of its form.
pub(super) fn evidence(w: &CaseWords, is_invalid: bool) -> Markup {
    html! {
        div.field {
            (label(EVIDENCE, w.evidence.file, Some(w.optional)))
            input #evidence type="file" name=(EVIDENCE) accept="image/png,image/jpeg,application/pdf" aria-describedby="evidence-hint"
                aria-invalid=[is_invalid.then_some("true")];
            (hint(EVIDENCE, w.evidence.hint))
        }
    }
}

fn label(field: &str, name: &str, optional: Option<&str>) -> Markup {
    html! { label for=(field) { (name) @if let Some(optional) = optional { " " span.muted.small { "(" (optional) ")" } } } }
}

fn hint(field: &str, words: &str) -> Markup {
    html! { p.muted.small id={ (field) "-hint" } { (words) } }
}

/// What was sent is a case.
fn done(state: &State, visitor: &Visitor, purpose: Purpose, filed: &Filed) -> Markup {
    let (words, w) = (words::of(visitor.language), CaseWords::of(visitor.language));
    let (shared, t, f) = (&words.shared, TrackingWords::of(visitor.language), purpose.words(w));
    let zone = &visitor.wallet.zone;
    html! {
        (parts::crumbs(shared, f.title))
        h1 { (f.done) }
        section.card.strong {
            dl.facts {
                dt { (t.reference) } dd.number { (filed.reference) }
                @if let Some(due) = filed.due { dt { (w.due) } dd { (written(due, zone)) } }
            }
            div.row {
                a.button href=(filed.path) { (w.follow) }
                (parts::copy(shared, &filed.reference))
            }
            p.muted { (w.follow_hint) }
        }
        @if let Some(error) = &filed.not_kept {
            (parts::notice(Tone::Warning, &html! { p { (w.evidence.not_kept(error)) } }))
        }
        @if !filed.secrets.is_empty() {
            (parts::notice(Tone::Warning, &html! {
                p { (words.prepare.done.removed) }
                ul { @for secret in &filed.secrets { li { (words.prepare.done.secrets[*secret as usize]) } } }
            }))
        }
        section.section {
            h2 { (w.then) }
            ol.steps { @for step in w.steps { li { (step) } } }
        }
        @if purpose == Purpose::Dispute { (freeze(state, visitor, w)) }
    }
}
