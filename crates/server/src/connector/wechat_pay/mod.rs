//! Refunds through WeChat Pay's API v3. Its traps: an accepted request says nothing of the money; `ABNORMAL` is not the end; `CLOSED` is, for this
//! number, and money then needs a refund of its own; a number that was used for another sum is refused although nothing is wrong with the
//! money; a merchant without funds is refused and may come again under the same number. Nothing is believed that the platform did not sign.

mod sign;
mod wire;

#[cfg(test)]
mod simulator;
#[cfg(test)]
mod tests;

use super::rail::{GiveBack, RefundRail};
use crate::config;
use crate::engine::Clock;
use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use reqwest::{Client, Method, StatusCode, redirect};
use serde::de::DeserializeOwned;
use sign::{Keys, Signed};
use std::time::Duration;
use walletline_core::money::Reported;
use wire::{Order, RefundRequest, RefundState, Refusal, RequestAmount};

/// How long one request may take: shorter than the lease of a refund's errand, with room for the two that a refund needs.
const REQUEST_MAX: Duration = Duration::from_secs(6);
const CONNECT_MAX: Duration = Duration::from_secs(3);

/// Bytes of an answer at most; theirs have some hundreds.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

const REFUNDS: &str = "/v3/refund/domestic/refunds";

/// A merchant's account with WeChat Pay.
#[derive(Debug)]
pub struct WechatPay {
    url: String,
    merchant: String,
    keys: Keys,
    client: Client,
}

/// An answer whose signature is the platform's.
struct Answer {
    status: StatusCode,
    body: Vec<u8>,
}

/// Why there is no such answer.
enum Missed {
    /// Nothing was sent.
    NotSent,
    /// Something may have been done.
    Doubt,
}

impl WechatPay {
    /// A client for this merchant. Opens no connection yet.
    ///
    /// # Errors
    /// One line on what of the configuration cannot be used.
    pub fn new(config: &config::WechatPay) -> Result<Self, String> {
        let (own, platform) = (config.private_key.expose(), config.platform_key.as_str());
        let keys =
            Keys::new(own, config.serial.clone(), platform, config.platform_serial.clone()).map_err(|bad| bad.to_string())?;
        let builder = Client::builder().no_proxy().redirect(redirect::Policy::none());
        let client = builder.connect_timeout(CONNECT_MAX).timeout(REQUEST_MAX).build().map_err(|error| error.to_string())?;
        Ok(Self { url: config.url.trim_end_matches('/').to_owned(), merchant: config.merchant.clone(), keys, client })
    }

    async fn send(&self, refund: GiveBack<'_>) -> Reported {
        // It stands in an address, which is signed as it is written.
        if !refund.transaction.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Reported::NotReached;
        }
        // The order's own sum has to be named; whoever cannot read it has sent nothing yet.
        let order = format!("/v3/pay/transactions/out-trade-no/{}?mchid={}", refund.transaction, self.merchant);
        let total = match self.exchange(Method::GET, &order, String::new()).await {
            Ok(answer) if answer.status.is_success() => answer.json::<Order>().map(|order| order.amount.total),
            Ok(answer) if answer.code().as_deref() == Some("ORDER_NOT_EXIST") => return Reported::Refused,
            Ok(_) | Err(Missed::NotSent | Missed::Doubt) => None,
        };
        let Some(total) = total else { return Reported::NotReached };
        let request = RefundRequest {
            out_trade_no: refund.transaction,
            out_refund_no: refund.key,
            notify_url: refund.callback_url.filter(|url| url.starts_with("https://")),
            amount: RequestAmount { refund: refund.amount.minor, total, currency: refund.amount.currency.to_string() },
        };
        let Ok(body) = serde_json::to_string(&request) else { return Reported::NotReached };
        let answer = match self.exchange(Method::POST, REFUNDS, body).await {
            Ok(answer) => answer,
            Err(Missed::NotSent) => return Reported::NotReached,
            Err(Missed::Doubt) => return Reported::NoAnswer,
        };
        if answer.status.is_success() {
            return answer.state().map_or(Reported::NoAnswer, |state| judge(&state, refund.key, Some(refund.amount.minor)));
        }
        match answer.code().as_deref() {
            // Nothing was done, and the same number is taken another time: too many requests, or the merchant's funds do not suffice.
            Some("FREQUENCY_LIMITED" | "NOT_ENOUGH") => Reported::NotReached,
            // The number may be known already: what it stands for is what counts.
            Some("INVALID_REQUEST") => match self.ask(refund.key, Some(refund.amount.minor)).await {
                Reported::NotReceived => Reported::Refused,
                known => known,
            },
            Some("PARAM_ERROR" | "NO_AUTH" | "RESOURCE_NOT_EXISTS" | "MCH_NOT_EXISTS" | "USER_ACCOUNT_ABNORMAL") => {
                Reported::Refused
            }
            // Its own failure, or a word that is not known: never a no.
            Some(_) | None => Reported::NoAnswer,
        }
    }

    /// What became of a number; `minor` is the sum it was sent for, where that is known.
    async fn ask(&self, key: &str, minor: Option<i64>) -> Reported {
        let target = format!("{REFUNDS}/{key}");
        let Ok(answer) = self.exchange(Method::GET, &target, String::new()).await else { return Reported::NoAnswer };
        if answer.status.is_success() {
            return answer.state().map_or(Reported::NoAnswer, |state| judge(&state, key, minor));
        }
        match (answer.status, answer.code().as_deref()) {
            (StatusCode::NOT_FOUND, Some("RESOURCE_NOT_EXISTS")) => Reported::NotReceived,
            _ => Reported::NoAnswer,
        }
    }

    /// One signed request and its signed answer.
    async fn exchange(&self, method: Method, target: &str, body: String) -> Result<Answer, Missed> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|_| Missed::NotSent)?;
        let nonce: String = nonce.iter().map(|byte| format!("{byte:02X}")).collect();
        // By the machine's own clock: the demo's may have been put forward, and theirs was not.
        let seconds = Clock::unmoved().0.div_euclid(1_000_000);
        let signed = Signed { method: method.as_str(), target, body: &body, seconds, nonce: &nonce };
        let authorization = self.keys.authorization(&self.merchant, &signed).ok_or(Missed::NotSent)?;
        let request = self.client.request(method, format!("{}{target}", self.url)).header(AUTHORIZATION, authorization);
        let request = request.header(ACCEPT, "application/json").header(USER_AGENT, "walletline");
        let request = request.header("Wechatpay-Serial", self.keys.platform_serial());
        let request = if body.is_empty() { request } else { request.header(CONTENT_TYPE, "application/json").body(body) };
        let mut response =
            request.send().await.map_err(|error| if error.is_connect() { Missed::NotSent } else { Missed::Doubt })?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| Missed::Doubt)? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(Missed::Doubt);
            }
            body.extend_from_slice(&chunk);
        }
        if !self.keys.is_theirs(&headers, &body, Clock::unmoved().0.div_euclid(1_000_000)) {
            tracing::warn!(status = status.as_u16(), "an answer about a refund is not signed by WeChat Pay; it is not believed");
            return Err(Missed::Doubt);
        }
        Ok(Answer { status, body })
    }
}

impl Answer {
    fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    fn state(&self) -> Option<RefundState> {
        self.json()
    }

    fn code(&self) -> Option<String> {
        self.json::<Refusal>().map(|refusal| refusal.code)
    }
}

impl RefundRail for WechatPay {
    fn give_back<'a>(&'a self, refund: GiveBack<'a>) -> BoxFuture<'a, Reported> {
        Box::pin(self.send(refund))
    }

    fn outcome<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Reported> {
        Box::pin(self.ask(key, None))
    }
}

/// What a state means. A number that stands for another refund than ours is something a person has to look at.
fn judge(state: &RefundState, key: &str, minor: Option<i64>) -> Reported {
    if state.out_refund_no != key || minor.is_some_and(|minor| minor != state.amount.refund) {
        return Reported::Unfamiliar;
    }
    match state.status.as_str() {
        "SUCCESS" => Reported::Done(Some(state.refund_id.clone())),
        "PROCESSING" => Reported::Pending,
        "CLOSED" => Reported::Refused,
        // `ABNORMAL`: the money did not arrive, and WeChat Pay has not given up on it. So for every word that is not known.
        _ => Reported::Unfamiliar,
    }
}
