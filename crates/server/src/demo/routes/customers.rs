//! Lists the demo's customers.

use super::demo;
use crate::demo::wire::{DemoCustomer, DemoTransaction};
use crate::demo::{Customer, Transaction};
use crate::web::State;
use crate::web::error::Problem;
use axum::Json;
use axum::extract::State as Shared;

/// The demo's customers, as the wallet has them now.
#[utoipa::path(get, path = "/demo/api/customers", operation_id = "listDemoCustomers", tag = "demo", security(()), responses(
    (status = 200, body = Vec<DemoCustomer>),
))]
pub(crate) async fn list(Shared(state): Shared<State>) -> Result<Json<Vec<DemoCustomer>>, Problem> {
    Ok(Json(demo(&state)?.customers.iter().map(Into::into).collect()))
}

impl From<&Customer> for DemoCustomer {
    fn from(customer: &Customer) -> Self {
        let Customer { name, msisdn, account, status, sub_status, totp_secret, transactions } = customer.clone();
        let transactions = transactions.into_iter().map(Into::into).collect();
        Self { name, msisdn, account, status, sub_status, totp_secret, transactions }
    }
}

impl From<Transaction> for DemoTransaction {
    fn from(Transaction { id, kind, status, amount, currency }: Transaction) -> Self {
        Self { id, kind, status, amount, currency }
    }
}
