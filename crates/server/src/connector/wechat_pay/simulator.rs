//! The other side of the contract: orders and refunds as WeChat Pay keeps them, every request's signature checked, every answer signed.

use crate::config;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use walletline_core::kernel::pii::Pii;

const MERCHANT: &str = "1900000001";
const MERCHANT_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const PLATFORM_SERIAL: &str = "PUB_KEY_ID_0119000000012026";

/// What goes wrong with the next request for a refund, or with the next question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It acts, and something on the way answers in its place.
    ActsInSilence,
    /// Somebody else says that it is done, without a signature.
    Unsigned,
    /// The same, signed with a key of their own.
    OtherKey,
    /// An answer of an hour ago.
    Stale,
    /// It does nothing, and says so with this code.
    Says(u16, &'static str),
}

struct Kept {
    refund_id: String,
    order: String,
    sum: i64,
    status: &'static str,
}

#[derive(Default)]
struct Books {
    orders: BTreeMap<&'static str, i64>,
    refunds: BTreeMap<String, Kept>,
    fault: Option<Fault>,
    notify_urls: Vec<Option<String>>,
}

/// WeChat Pay on a port of its own.
pub(super) struct Platform {
    own: KeyPair,
    stranger: KeyPair,
    merchant: KeyPair,
    books: Mutex<Books>,
}

/// The platform, how to reach it, and the task that answers.
pub(super) struct Reachable {
    pub(super) platform: Arc<Platform>,
    pub(super) config: config::WechatPay,
    _server: JoinSet<()>,
}

pub(super) async fn start() -> Reachable {
    let key = || KeyPair::generate(KeySize::Rsa2048).unwrap();
    let platform = Arc::new(Platform { own: key(), stranger: key(), merchant: key(), books: Mutex::default() });
    platform.books.lock().unwrap().orders.insert("200000000014", 12_000);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = config::WechatPay {
        url: format!("http://{}", listener.local_addr().unwrap()),
        merchant: MERCHANT.to_owned(),
        serial: MERCHANT_SERIAL.to_owned(),
        private_key: Pii::new(private_pem(&platform.merchant)),
        platform_serial: PLATFORM_SERIAL.to_owned(),
        platform_key: public_pem(&platform.own),
    };
    let router = Router::new().fallback(answer).with_state(Arc::clone(&platform));
    let mut server = JoinSet::new();
    server.spawn(async move { axum::serve(listener, router).await.unwrap() });
    Reachable { platform, config, _server: server }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn private_pem(key: &KeyPair) -> String {
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    pem("PRIVATE KEY", der.as_ref())
}

fn public_der(key: &KeyPair) -> Vec<u8> {
    let der: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    der.as_ref().to_vec()
}

pub(super) fn public_pem(key: &KeyPair) -> String {
    pem("PUBLIC KEY", &public_der(key))
}

impl Platform {
    pub(super) fn fail_next(&self, fault: Fault) {
        self.books.lock().unwrap().fault = Some(fault);
    }

    /// Refunds there are, however often each was asked for.
    pub(super) fn refunds(&self) -> usize {
        self.books.lock().unwrap().refunds.len()
    }

    pub(super) fn becomes(&self, key: &str, status: &'static str) {
        self.books.lock().unwrap().refunds.get_mut(key).unwrap().status = status;
    }

    pub(super) fn notify_urls(&self) -> Vec<Option<String>> {
        self.books.lock().unwrap().notify_urls.clone()
    }

    /// The signature of a request, checked as the documentation has it.
    fn is_merchants(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &str) -> bool {
        let said = headers["authorization"].to_str().unwrap();
        let fields = said.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").unwrap();
        let fields: BTreeMap<_, _> =
            fields.split(',').map(|field| field.split_once('=').unwrap()).map(|(k, v)| (k, v.trim_matches('"'))).collect();
        assert_eq!((fields["mchid"], fields["serial_no"]), (MERCHANT, MERCHANT_SERIAL));
        assert_eq!(headers["wechatpay-serial"], PLATFORM_SERIAL);
        let text = format!("{method}\n{uri}\n{}\n{}\n{body}\n", fields["timestamp"], fields["nonce_str"]);
        let signature = STANDARD.decode(fields["signature"]).unwrap();
        let key = public_der(&self.merchant);
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(text.as_bytes(), &signature).is_ok()
    }

    fn signed(&self, key: &KeyPair, age_s: i64, status: u16, body: &Value) -> Response<String> {
        let (body, seconds) = (body.to_string(), crate::engine::Clock::unmoved().0 / 1_000_000 - age_s);
        let text = format!("{seconds}\nnonce\n{body}\n");
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        let response =
            Response::builder().status(status).header("Wechatpay-Timestamp", seconds).header("Wechatpay-Nonce", "nonce");
        let response = response.header("Wechatpay-Serial", PLATFORM_SERIAL);
        response.header("Wechatpay-Signature", STANDARD.encode(signature)).body(body).unwrap()
    }

    fn says(&self, (status, body): (u16, Value)) -> Response<String> {
        self.signed(&self.own, 0, status, &body)
    }
}

async fn answer(
    State(platform): State<Arc<Platform>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<String> {
    let body = String::from_utf8(body.to_vec()).unwrap();
    if !platform.is_merchants(&method, &uri, &headers, &body) {
        return Response::builder().status(401).body(json!({ "code": "SIGN_ERROR" }).to_string()).unwrap();
    }
    let mut books = platform.books.lock().unwrap();
    if let Some(order) = uri.path().strip_prefix("/v3/pay/transactions/out-trade-no/") {
        assert_eq!(uri.query(), Some("mchid=1900000001"));
        return platform.says(match books.orders.get(order) {
            Some(total) => {
                (200, json!({ "out_trade_no": order, "trade_state": "SUCCESS", "amount": { "total": total, "currency": "CNY" } }))
            }
            None => (404, json!({ "code": "ORDER_NOT_EXIST", "message": "订单不存在" })),
        });
    }
    let fault = books.fault.take();
    let done = json!({ "refund_id": "50300000000000000000000000001", "out_refund_no": "any", "status": "SUCCESS", "amount": { "refund": 1 } });
    match fault {
        Some(Fault::Says(status, code)) => return platform.says((status, json!({ "code": code, "message": "" }))),
        Some(Fault::Unsigned) => return Response::builder().status(StatusCode::OK).body(done.to_string()).unwrap(),
        Some(Fault::OtherKey) => return platform.signed(&platform.stranger, 0, 200, &done),
        Some(Fault::Stale) => return platform.signed(&platform.own, 3_600, 200, &done),
        Some(Fault::ActsInSilence) | None => {}
    }
    let result = match uri.path().strip_prefix("/v3/refund/domestic/refunds/") {
        Some(number) => books.look(number),
        None => books.give_back(&serde_json::from_str(&body).unwrap()),
    };
    if fault == Some(Fault::ActsInSilence) {
        return Response::builder().status(StatusCode::BAD_GATEWAY).body(String::new()).unwrap();
    }
    platform.says(result)
}

impl Books {
    fn look(&self, number: &str) -> (u16, Value) {
        match self.refunds.get(number) {
            Some(kept) => (200, state(number, kept)),
            None => (404, json!({ "code": "RESOURCE_NOT_EXISTS", "message": "退款单不存在" })),
        }
    }

    fn give_back(&mut self, request: &Value) -> (u16, Value) {
        let text = |name: &str| request[name].as_str().unwrap().to_owned();
        let (number, order) = (text("out_refund_no"), text("out_trade_no"));
        let (sum, total) = (request["amount"]["refund"].as_i64().unwrap(), request["amount"]["total"].as_i64().unwrap());
        self.notify_urls.push(request["notify_url"].as_str().map(str::to_owned));
        let no = |code: &str| (400, json!({ "code": code, "message": "" }));
        if let Some(kept) = self.refunds.get(&number) {
            return if kept.sum == sum && kept.order == order { (200, state(&number, kept)) } else { no("INVALID_REQUEST") };
        }
        let given: i64 =
            self.refunds.values().filter(|kept| kept.order == order && kept.status != "CLOSED").map(|kept| kept.sum).sum();
        if self.orders.get(order.as_str()) != Some(&total) || given + sum > total {
            return no("INVALID_REQUEST");
        }
        let refund_id = format!("5030000000000000000000000{:04}", self.refunds.len() + 1);
        let kept = Kept { refund_id, order, sum, status: "PROCESSING" };
        let answer = state(&number, &kept);
        self.refunds.insert(number, kept);
        (200, answer)
    }
}

fn state(number: &str, kept: &Kept) -> Value {
    json!({
        "refund_id": kept.refund_id, "out_refund_no": number, "out_trade_no": kept.order, "status": kept.status,
        "channel": "ORIGINAL", "user_received_account": "支付用户零钱", "amount": { "refund": kept.sum, "total": 12_000 }
    })
}
