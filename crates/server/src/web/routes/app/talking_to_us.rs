//! Says whether we are talking with a customer now.

use crate::connector::messages::phrase::spelt;
use crate::connector::messages::signature::HEADER;
use crate::connector::number::normalise;
use crate::web::apps::{Asking, NONCE, NotAnswered, WALLET};
use crate::web::error::Problem;
use crate::web::extract::Source;
use crate::web::state::State;
use crate::web::wire;
use axum::Json;
use axum::extract::{OriginalUri, Query, State as Shared};
use axum::http::{HeaderMap, Method, Uri};
use serde::Deserialize;
use std::net::IpAddr;
use walletline_core::cases::{CallbackState, CaseKind};
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::Wall;

/// Whom the app asks about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    msisdn: String,
}

/// Are you talking to us now? For the server of a wallet's app, about the customer who is logged in to it. The headers
/// `X-Walletline-Wallet` (the wallet's id), `X-Walletline-Nonce` (16 to 64 letters, digits, `-` or `_`, new for each question) and
/// `X-Walletline-Signature: t=<seconds>,v1=<hex>` say who asks: the HMAC-SHA256, under the wallet's key, of `<seconds>`, the wallet's id,
/// the method, path and query as they are sent, and the nonce, with a line break between each two. It is good once, within a minute.
///
/// An app shows `talking` as it stands, and of the agent's number that the customer compare it with the one they were told;
/// `calling_back` with the agent's number and the two words that whoever calls says first, to be compared too; `unconfirmed` as: go on only if you dialled our number yourself; every other answer as: we are not talking to you, hang up. No answer
/// within a few seconds, or one that `checked_at` shows to be old, is offline: safer not to answer.
#[utoipa::path(get, path = "/api/v1/app/talking-to-us", operation_id = "readTalkingToUs", tag = "app", security(()), params(
    ("msisdn" = String, Query, description = "The customer's number, E.164; write its plus as %2B", example = "%2B8619000000001"),
    ("X-Walletline-Wallet" = String, Header), ("X-Walletline-Nonce" = String, Header), ("X-Walletline-Signature" = String, Header),
), responses(
    (status = 200, body = wire::TalkingToUs),
    (status = 401, body = wire::Problem, description = "Not signed by this wallet, not within a minute, or asked before: always the same."),
    (status = 422, body = wire::Problem, description = "Names no phone number."),
    (status = 429, body = wire::Problem, description = "Too much is asked; see `Retry-After`."),
    (status = 503, body = wire::Problem, description = "It cannot be said just now: show offline."),
))]
pub(crate) async fn talking_to_us(
    Shared(state): Shared<State>,
    Source(source): Source,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Json<wire::TalkingToUs>, Problem> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let (wallet, nonce, signature) = (header(WALLET), header(NONCE), header(HEADER));
    let asking = Asking { wallet, nonce, signature, method: method.as_str(), target };
    answer(&state, source, asking).await.map(Json)
}

/// The answer to a question, if it is signed.
pub(crate) async fn answer(state: &State, source: IpAddr, asking: Asking<'_>) -> Result<wire::TalkingToUs, Problem> {
    let now = state.clock.now().mono;
    let refused = |why| match why {
        NotAnswered::NotSigned => Problem::app_not_signed(),
        NotAnswered::TooMany(wait) => Problem::too_many_requests(wait.as_s() + 1),
    };
    let wallet = state.apps.admit(source, asking, &state.config.wallets, now).map_err(refused)?;
    let msisdn = number_of(asking.target)?;
    state.apps.about(&wallet.id, &msisdn, now).map_err(refused)?;
    let (forms, customer) = (wallet.numbers.clone(), msisdn.clone());
    let theirs = move |shown: &Pii<String>| normalise(shown.expose(), &forms).is_some_and(|shown| shown == msisdn);
    let speaking = state.engine.speaking(wallet.id.clone(), theirs).await.ok_or_else(Problem::unavailable)?;
    let now = state.clock.wall();
    let answer = wire::TalkingToUs::new(speaking, now);
    let answer = match callback_of(state, &wallet.id, &customer, now).await? {
        Some((callback, calling)) => answer.with_callback(callback, calling),
        None => answer,
    };
    metrics::counter!("walletline_app_answers_total", "wallet" => wallet.id.clone(), "answer" => answer.answer.name())
        .increment(1);
    Ok(answer)
}

/// The call back that a customer waits for, and which agent makes it since when.
async fn callback_of(
    state: &State,
    wallet: &str,
    msisdn: &Pii<String>,
    now: Wall,
) -> Result<Option<(wire::CallBackAsked, Option<(String, Wall)>)>, Problem> {
    let Some(refunds) = &state.refunds else { return Ok(None) };
    let subject = refunds.names.subject(wallet, msisdn);
    let Some((_, case)) = state.store.case_of(CaseKind::Callback, wallet, &subject, None).await? else { return Ok(None) };
    let Some((_, callback)) = state.store.callback(case.id).await? else { return Ok(None) };
    if matches!(callback.state, CallbackState::Done { .. }) {
        return Ok(None);
    }
    let calling = match callback.calling(now) {
        Some((agent, at)) => Some((state.numbers().await?(agent), at)),
        None => None,
    };
    let asked = wire::CallBackAsked {
        reference: case.reference.to_string(),
        asked_at: callback.asked_at.into(),
        phrase: callback.good_words(now).map(|words| spelt(words, callback.language)),
        language: callback.language.into(),
    };
    Ok(Some((asked, calling)))
}

/// The number asked about. An app asks about its own customer: the number is whole, as the wallet has it.
fn number_of(target: &str) -> Result<Pii<String>, Problem> {
    let wrong = || Problem::invalid_input("name the customer's number in E.164: ?msisdn=%2B8619000000001");
    let uri: Uri = target.parse().map_err(|_| wrong())?;
    let Query(Question { msisdn }) = Query::try_from_uri(&uri).map_err(|_| wrong())?;
    // A plus that was not escaped reads as a space.
    let digits = msisdn.strip_prefix(['+', ' ']).ok_or_else(wrong)?;
    normalise(&format!("+{digits}"), &[]).filter(|number| number.expose()[1..] == *digits).ok_or_else(wrong)
}
