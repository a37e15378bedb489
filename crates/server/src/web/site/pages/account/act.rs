//! What a customer has done to their account: what it does, the second factor of whoever has one, yes, and what came of it. Everybody is asked
//! in the same words, and what an account does not allow is said in the same words whatever the reason (ADR 34).

use super::door::{Cookie, Guest, PATH};
use super::{Code, code_field, ended, head, leave_form, otherwise, to_a_person, told_first, typed};
use crate::web::site::layout;
use crate::web::site::parts;
use crate::web::site::words;
use crate::web::site::words::account::AccountWords;
use axum::Form;
use axum::extract::Path;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use walletline_core::help::{Came, Visit, Wish};
use walletline_core::kernel::account_act::AccountAct;
use walletline_core::kernel::assurance::Level;
use walletline_core::kernel::pii::Pii;
use walletline_core::switchboard::live::OperationView;
use walletline_core::wallet::{Decline, State};

const DONE: &str = "/help/account/done";

/// What is offered, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::site) enum Act {
    Unlock,
    ResetPassword,
    RevokeSessions,
    SecureAccount,
    Freeze,
}

impl Act {
    pub(in crate::web::site) const ALL: [Self; 5] =
        [Self::Unlock, Self::ResetPassword, Self::RevokeSessions, Self::SecureAccount, Self::Freeze];

    /// As addresses, rows and the record write it.
    pub(super) const fn name(self) -> &'static str {
        match self.on_account() {
            Some(act) => act.name(),
            None => "freeze",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    /// None for the freeze, which is no other act's like.
    const fn on_account(self) -> Option<AccountAct> {
        match self {
            Self::Unlock => Some(AccountAct::Unlock),
            Self::ResetPassword => Some(AccountAct::ResetPassword),
            Self::RevokeSessions => Some(AccountAct::RevokeSessions),
            Self::SecureAccount => Some(AccountAct::SecureAccount),
            Self::Freeze => None,
        }
    }

    fn wish(self) -> Wish {
        self.on_account().map_or(Wish::Freeze, Wish::Act)
    }

    /// Whoever gets an account back is asked for a second factor.
    fn asks_second(self, visit: &Visit) -> bool {
        visit.level() < Level::A3 && self.on_account().is_some_and(AccountAct::is_recovery)
    }

    /// The visit has shown what has to be shown before it is asked for.
    fn is_open_to(self, visit: &Visit) -> bool {
        self == Self::Freeze || visit.is_verified()
    }
}

/// `GET /help/account/acts/{act}`.
pub(in crate::web::site) async fn show(guest: Guest, Path(name): Path<String>) -> Response {
    let Some(visiting) = guest.visiting().await else { return ended(&guest) };
    match Act::named(&name).filter(|act| act.is_open_to(visiting.visit())) {
        Some(act) => asks(&guest, act, visiting.visit(), None),
        None => guest.go(PATH, Cookie::Keep),
    }
}

/// `POST /help/account/acts/{act}`.
pub(in crate::web::site) async fn ask(
    mut guest: Guest,
    Path(name): Path<String>,
    form: Result<Form<Code>, FormRejection>,
) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let Some(mut visiting) = guest.visiting().await else { return ended(&guest) };
    let Some(act) = Act::named(&name).filter(|act| act.is_open_to(visiting.visit())) else { return guest.go(PATH, Cookie::Keep) };
    let code = form.ok().and_then(|Form(Code { code })| typed(&code));
    if let Some(code) = code.filter(|_| act.asks_second(visiting.visit())) {
        match visiting.ask(Wish::CheckSecond(Pii::new(code))).await {
            Ok(Came::Right) if guest.renew(&mut visiting) => {}
            Ok(Came::Wrong) => return asks(&guest, act, visiting.visit(), Some(w.wrong_code)),
            came => return otherwise(&guest, &came),
        }
    }
    match visiting.ask(act.wish()).await {
        Ok(Came::ActTaken) => {
            visiting.follow_act().await;
            guest.go(DONE, Cookie::Keep)
        }
        came => otherwise(&guest, &came),
    }
}

/// `GET /help/account/done`: what came of the last one.
pub(in crate::web::site) async fn done(guest: Guest) -> Response {
    let Some(mut visiting) = guest.visiting().await else { return ended(&guest) };
    visiting.look_at_act().await;
    let visit = visiting.visit();
    let Some((act, stands)) = visit.act().and_then(|stands| Some((Act::named(&stands.act)?, stands))) else {
        return guest.go(PATH, Cookie::Keep);
    };
    let w = AccountWords::of(guest.visitor.language);
    guest.page(w.acts.of(act).name, &came_of_it(&guest, w, act, stands), StatusCode::OK, Cookie::Keep)
}

fn asks(guest: &Guest, act: Act, visit: &Visit, wrong: Option<&str>) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let words = w.acts.of(act);
    let main = html! {
        (head(guest, w, words.name))
        (told_first(wrong))
        section.card.strong {
            p.lead { (words.does) }
            form method="post" action={ (PATH) "/acts/" (act.name()) } {
                @if act.asks_second(visit) { (code_field("second", w.acts.second, w.acts.second_hint, false)) }
                button.button.wide.bad[act == Act::Freeze || act == Act::SecureAccount] type="submit" { (w.acts.confirm) }
            }
        }
        p { a.alone href=(PATH) { (w.again) } }
        (leave_form(w.leave))
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    guest.page(words.name, &main, status, Cookie::Keep)
}

fn came_of_it(guest: &Guest, w: &AccountWords, act: Act, stands: &OperationView) -> Markup {
    let a = &w.acts;
    let (title, text) = match stands.state {
        State::Done => (a.done_title, a.of(act).done),
        State::Declined if stands.declined == Some(Decline::NotSupported) => (a.not_done_title, a.unsupported),
        // A freeze that the wallet did not take is still tried, by people.
        State::Declined if act != Act::Freeze => (a.not_done_title, a.needs_more),
        State::Declined
        | State::AwaitingSecond
        | State::Committed
        | State::Sending
        | State::Reconciling
        | State::Unknown
        | State::GivenUp => (a.not_yet_title, a.not_yet),
    };
    let reference = html! { dl.facts { dt { (w.reference) } dd.number { (stands.reference) } } };
    if stands.state != State::Done {
        return html! {
            (to_a_person(guest, (title, text)))
            div data-state=(stands.state.name()) { (reference) }
            @if !stands.state.is_over() { p { a.alone href=(DONE) { (a.look_again) } } }
        };
    }
    let visitor = &guest.visitor;
    html! {
        (head(guest, w, title))
        section.card.strong data-state=(stands.state.name()) { p.lead role="status" { (text) } (reference) }
        @if let Some(number) = layout::official_number(&guest.state, &visitor.wallet.id) {
            (parts::number(&words::of(visitor.language).shared, &number))
        }
        p { a.alone href=(PATH) { (w.again) } }
        (leave_form(w.leave))
    }
}
