//! Plays the server of a wallet's app: signs the question of a phone with the wallet's key, and hands the answer on.

use super::demo;
use crate::demo::wire::DemoAppQuestion;
use crate::web::apps::Asking;
use crate::web::error::Problem;
use crate::web::extract::{Asked, Source};
use crate::web::routes::app::talking_to_us::answer;
use crate::web::{State, wire};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::hex;

/// Are you talking to us now? As the app of this wallet shows it to this customer.
#[utoipa::path(get, path = "/demo/api/app/talking-to-us", operation_id = "readDemoTalkingToUs", tag = "demo", security(()), params(
    ("wallet" = String, Query, description = "The wallet's id"), ("msisdn" = String, Query, description = "The customer's number, E.164"),
), responses(
    (status = 200, body = wire::TalkingToUs),
    (status = 401, body = wire::Problem, description = "No such wallet."),
    (status = 422, body = wire::Problem, description = "No phone number."),
    (status = 429, body = wire::Problem),
))]
pub(crate) async fn read(
    Shared(state): Shared<State>,
    Source(source): Source,
    Asked(DemoAppQuestion { wallet, msisdn }): Asked<DemoAppQuestion>,
) -> Result<Json<wire::TalkingToUs>, Problem> {
    demo(&state)?;
    let key = state.config.wallets.iter().find(|known| known.id == wallet).and_then(|known| known.app_keys.first());
    let key = key.ok_or_else(Problem::app_not_signed)?;
    let digits: String = msisdn.chars().filter(char::is_ascii_digit).collect();
    let target = format!("/api/v1/app/talking-to-us?msisdn=%2B{digits}");
    let mut nonce = [0_u8; 16];
    getrandom::fill(&mut nonce).map_err(|_| Problem::unavailable())?;
    let nonce = hex::encode(&nonce);
    let asking = Asking { wallet: &wallet, nonce: &nonce, signature: "", method: "GET", target: &target };
    let signature = asking.sign(key);
    answer(&state, source, Asking { signature: &signature, ..asking }).await.map(Json)
}
