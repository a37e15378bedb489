//! `/accounts/{identifierType}/{identifier}`: the account, its status, its transactions, and the one change it takes.

use super::check_wallet;
use crate::client::is_uuid;
use crate::sandbox::House;
use crate::sandbox::answer::{Answer, Refusal};
use crate::sandbox::change::{Change, Manner};
use crate::sandbox::fault::{Fault, Operation};
use crate::sandbox::house::{Identifier, find_customer, movements};
use crate::sandbox::record::{CustomerRecord, MovementRecord};
use crate::wire::{PatchItem, TransactionStatus, TransactionType};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Records on a page where the client does not say: the specification's figure.
const PAGE_RECORDS: usize = 50;

type Named = Path<(String, String, String)>;

pub(super) async fn read(State(house): State<Arc<House>>, Path(named): Named) -> Response {
    let act = async |_| Answer::json(&find(&house, &named).await?.to_account());
    house.answer(Operation::Account, act).await
}

pub(super) async fn status(State(house): State<Arc<House>>, Path(named): Named) -> Response {
    let act = async |_| Answer::json(&find(&house, &named).await?.to_status());
    house.answer(Operation::Status, act).await
}

pub(super) async fn transactions(
    State(house): State<Arc<House>>,
    Path(named): Named,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let act = async |_| {
        let filter = Filter::read(&query)?;
        let (wallet, identifier) = identify(&named)?;
        let now = house.clock.now();
        let mut transaction = house.database.begin().await?;
        let customer = find_customer(&mut transaction, wallet, identifier).await?;
        let customer = customer.ok_or_else(|| Refusal::not_found("no such account"))?;
        let mut found = movements(&mut transaction, &customer.account).await?;
        found.retain(|movement| filter.takes(movement, now));
        let page = found.iter().skip(filter.offset).take(filter.limit).map(|movement| movement.to_transaction(now));
        let page: Vec<_> = page.collect();
        Ok(Answer::json(&page)?.with_counts(found.len(), page.len()))
    };
    house.answer(Operation::Transactions, act).await
}

pub(super) async fn change(State(house): State<Arc<House>>, Path(named): Named, headers: HeaderMap, body: Bytes) -> Response {
    let act = async |fault| {
        let (wallet, identifier) = identify(&named)?;
        let items: Vec<PatchItem> =
            serde_json::from_slice(&body).map_err(|_| Refusal::invalid("the body is no list of changes"))?;
        let correlation_id = text(&headers, "x-correlationid").ok_or_else(|| Refusal::missing("X-CorrelationID"))?;
        if !is_uuid(correlation_id) {
            return Err(Refusal::invalid("X-CorrelationID: a UUID"));
        }
        let callback_url = text(&headers, "x-callback-url");
        if callback_url.is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
            return Err(Refusal::invalid("X-Callback-URL: an http or https address"));
        }
        let correlation_id = correlation_id.to_ascii_lowercase();
        let change = Change { wallet, identifier, items: &items, correlation_id: &correlation_id, callback_url };
        house.change(&change, manner(fault)).await
    };
    house.answer(Operation::Freeze, act).await
}

pub(super) fn manner(fault: Option<Fault>) -> Manner {
    match fault {
        Some(Fault::Late) => Manner::Late,
        Some(Fault::Twice) => Manner::Twice,
        Some(
            Fault::Fail
            | Fault::FailAfter
            | Fault::TimeoutBefore
            | Fault::TimeoutAfter
            | Fault::Slow
            | Fault::Garbage
            | Fault::Down
            | Fault::Reject,
        )
        | None => Manner::AtOnce,
    }
}

pub(in crate::sandbox) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
}

pub(in crate::sandbox) fn identify(named: &(String, String, String)) -> Result<(&str, Identifier<'_>), Refusal> {
    let (wallet, identifier_type, identifier) = named;
    check_wallet(wallet)?;
    match identifier_type.as_str() {
        "accountid" => Ok((wallet, Identifier::Account(identifier))),
        "msisdn" => Ok((wallet, Identifier::Msisdn(identifier))),
        _ => Err(Refusal::not_found("accounts are known by accountid and msisdn")),
    }
}

async fn find(house: &House, named: &(String, String, String)) -> Result<CustomerRecord, Refusal> {
    let (wallet, identifier) = identify(named)?;
    let mut transaction = house.database.begin().await?;
    let customer = find_customer(&mut transaction, wallet, identifier).await?;
    customer.ok_or_else(|| Refusal::not_found("no such account"))
}

/// Which transactions are asked for.
struct Filter {
    limit: usize,
    offset: usize,
    from_us: Option<i64>,
    to_us: Option<i64>,
    status: Option<TransactionStatus>,
    transaction_type: Option<TransactionType>,
}

impl Filter {
    fn read(query: &BTreeMap<String, String>) -> Result<Self, Refusal> {
        let count = |key: &str, usual: usize| match query.get(key) {
            None => Ok(usual),
            Some(text) => text.parse().map_err(|_| Refusal::invalid("limit and offset: whole numbers from 0")),
        };
        let time = |key: &str| match query.get(key) {
            None => Ok(None),
            Some(text) => match text.parse::<Timestamp>() {
                Ok(at) => Ok(Some(at.as_microsecond())),
                Err(_) => Err(Refusal::invalid("fromDateTime and toDateTime: RFC 3339")),
            },
        };
        Ok(Self {
            limit: count("limit", PAGE_RECORDS)?,
            offset: count("offset", 0)?,
            from_us: time("fromDateTime")?,
            to_us: time("toDateTime")?,
            status: query.get("transactionStatus").map(|word| TransactionStatus::from(word.as_str())),
            transaction_type: query.get("transactionType").map(|word| TransactionType::from(word.as_str())),
        })
    }

    fn takes(&self, movement: &MovementRecord, now: i64) -> bool {
        self.from_us.is_none_or(|from| from <= movement.created_at)
            && self.to_us.is_none_or(|to| movement.created_at <= to)
            && self.status.as_ref().is_none_or(|status| *status == movement.status(now))
            && self.transaction_type.as_ref().is_none_or(|kind| *kind == movement.transaction_type())
    }
}
