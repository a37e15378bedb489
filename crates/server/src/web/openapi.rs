//! The contract as a document: every address, every schema, those of the live messages too. `walletline openapi` prints it, a
//! test keeps it, the browser's types are made from it.

use super::{live, routes, wire};
use crate::demo;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use std::sync::LazyLock;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Content, PathItem, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(title = "Walletline", description = "The public API, the staff API and the demo's addresses.", license(name = "Apache-2.0")),
    paths(
        routes::health::alive,
        routes::health::ready,
        routes::session::read::read,
        routes::session::create::create,
        routes::session::delete::delete,
        routes::session::confirm::confirm,
        routes::session::passkeys::list_passkeys,
        routes::session::passkeys::offer_passkey,
        routes::session::passkeys::add_passkey,
        routes::session::passkeys::challenge_passkey,
        routes::session::passkeys::remove_passkey,
        routes::session::second_factor::offer_second_factor,
        routes::session::second_factor::enrol_second_factor,
        routes::session::second_factor::remove_second_factor,
        routes::session::second_factor::renew_recovery_codes,
        routes::app::talking_to_us::talking_to_us,
        routes::password::set::set,
        routes::staff::list::list,
        routes::staff::certify::certify,
        routes::staff::certify::decertify,
        routes::staff::reset_second_factor::reset_second_factor,
        routes::me::read_state::read_state,
        routes::me::set_state::set_state,
        live::connect,
        routes::offers::accept::accept,
        routes::offers::decline::decline,
        routes::audit::list::list,
        routes::callbacks::list::list,
        routes::callbacks::take::take,
        routes::callbacks::finish::finish,
        routes::cases::read::read,
        routes::cases::clocks::list,
        routes::cases::uploads::take,
        routes::cases::uploads::read,
        routes::account_acts::list::list,
        routes::account_acts::decide::decide,
        routes::cases::clock::rule,
        routes::cases::credit::rule,
        routes::operations::list::list,
        routes::operations::ask::ask,
        routes::operations::preview::preview,
        routes::operations::read::read,
        routes::operations::decide::decide,
        routes::operations::evidence::evidence,
        routes::public::wallet_callback::wallet_callback,
        routes::public::wallet_callback::wallet_notice,
        routes::gateways::receipts::receipts,
        routes::directory::list::list,
        routes::directory::propose::propose,
        routes::directory::decide::decide,
        routes::directory::retract::retract,
        routes::directory::history::history,
        routes::directory::reports::reports,
        routes::directory::judge::judge,
        routes::public::number_check::number_check,
        routes::public::number_reports::number_reports,
        routes::public::official_contacts::official_contacts,
        routes::contacts::list::list,
        routes::contacts::read::read,
        routes::contacts::timeline::timeline,
        routes::contacts::show_number::show_number,
        routes::look_ups::list::list,
        routes::look_ups::see::see,
        routes::contacts::recording::play,
        routes::contacts::recording::manifest,
        routes::contacts::legal_hold::place,
        routes::contacts::legal_hold::lift,
        routes::contacts::screenshot::screenshot,
        routes::contacts::challenge::challenge,
        routes::contacts::end_challenge::end_challenge,
        routes::contacts::act_on_account::act_on_account,
        routes::contacts::look_at_account::look_at_account,
        routes::contacts::follow_transaction::follow_transaction,
        routes::contacts::report::report,
        routes::contacts::pressure::pressure,
        routes::contacts::hang_up::hang_up,
        routes::contacts::hold::hold,
        routes::contacts::resume::resume,
        routes::contacts::monitor::monitor,
        routes::contacts::stop_monitoring::stop_monitoring,
        routes::contacts::take_over::take_over,
        routes::contacts::press_keys::press_keys,
        routes::contacts::leave::leave,
        routes::contacts::reconnect::reconnect,
        routes::contacts::take_back::take_back,
        routes::contacts::transfer::transfer,
        routes::contacts::transfer_targets::transfer_targets,
        routes::notes::read::read,
        routes::notes::write::write,
        routes::wrap_up::write::write,
        routes::public::articles::find,
        routes::public::call_passes::make_call_pass,
        routes::public::call::connect,
        routes::public::call_settings::call_settings,
        demo::routes::talking_to_us::read,
        demo::routes::approvals::list,
        demo::routes::approvals::answer,
        demo::routes::clock::advance,
        demo::routes::customers::list,
        demo::routes::fault::order,
        demo::routes::ledger::list,
        routes::public::hours::hours,
        routes::public::wait::wait,
        demo::routes::lines::list,
        demo::routes::lines::hold,
        demo::routes::messages::list,
        demo::routes::prompts::play,
        demo::routes::reset::reset,
        demo::routes::call::connect,
    ),
    components(schemas(
        wire::ToDesk,
        wire::FromDesk,
        wire::ToCaller,
        wire::FromVisitor,
        demo::wire::FromPhone,
        routes::cases::clocks::ClockFilter,
    )),
    modifiers(&Cookie, &Problems),
    security(("session" = [])),
    tags(
        (name = "session", description = "Logging in and out."),
        (name = "agent", description = "Taking calls."),
        (name = "supervisor", description = "Listening to calls, and taking them over."),
        (name = "cases", description = "What stays open."),
        (name = "contacts", description = "What happened."),
        (name = "directory", description = "What is official, and who said so."),
        (name = "staff", description = "Who works here, and what they were examined in."),
        (name = "app", description = "For the servers of wallets' apps, signed with the wallet's key."),
        (name = "audit", description = "Who did what."),
        (name = "operation", description = "For whoever keeps the program running."),
        (name = "public", description = "For anybody, without a log-in; held back by address."),
        (name = "demo", description = "The demo world; only there with `serve --demo`."),
    )
)]
struct Contract;

/// What every refusal is written as (RFC 9457), and what any body or query may be refused for before it is read.
struct Problems;

const PROBLEM: &str = "application/problem+json";

impl Modify for Problems {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let refused = |why: &str| {
            let schema = Ref::from_schema_name("Problem");
            ResponseBuilder::new().description(why).content(PROBLEM, Content::new(Some(schema))).build()
        };
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            for response in operation.responses.responses.values_mut() {
                let RefOr::T(response) = response else { continue };
                if response.content.get("application/json").is_some_and(is_problem)
                    && let Some(content) = response.content.swap_remove("application/json")
                {
                    response.content.insert(PROBLEM.to_owned(), content);
                }
            }
            let is_query =
                |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(one) if one.parameter_in == ParameterIn::Query);
            let is_asked = operation.parameters.iter().flatten().any(is_query);
            let mut add = |status: &str, why: &str| {
                operation.responses.responses.entry(status.to_owned()).or_insert_with(|| refused(why).into());
            };
            if operation.request_body.is_some() {
                add("415", "The body is not of the kind that is read here.");
            }
            if operation.request_body.is_some() || is_asked {
                add("422", "What was sent cannot be read.");
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

fn is_problem(content: &RefOr<Content>) -> bool {
    let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) = content else { return false };
    schema.ref_location.ends_with("/Problem")
}

/// How a request says who sends it.
struct Cookie;

impl Modify for Cookie {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(super::auth::COOKIE)));
        document.components.get_or_insert_default().add_security_scheme("session", session);
    }
}

/// The contract as JSON, with a newline at its end.
#[must_use]
pub fn document() -> String {
    let mut text = Contract::openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

static DOCUMENT: LazyLock<String> = LazyLock::new(document);

/// Serves the contract.
pub(super) async fn serve() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}
