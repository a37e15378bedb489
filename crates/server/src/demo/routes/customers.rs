//! Lists the demo's customers.

use super::{demo, sandbox};
use crate::demo::wire::{DemoCustomer, DemoTransaction};
use crate::web::State;
use crate::web::error::Problem;
use axum::Json;
use axum::extract::State as Shared;
use walletline_gsma::sandbox::{Customer, CustomerTransaction};

/// The demo's customers, as the wallet has them now.
#[utoipa::path(get, path = "/demo/api/customers", operation_id = "listDemoCustomers", tag = "demo", security(()), responses(
    (status = 200, body = Vec<DemoCustomer>),
    (status = 503, body = crate::web::wire::Problem, description = "The wallet does not answer."),
))]
pub(crate) async fn list(Shared(state): Shared<State>) -> Result<Json<Vec<DemoCustomer>>, Problem> {
    let customers = demo(&state)?.customers().await.map_err(sandbox)?;
    Ok(Json(customers.into_iter().map(Into::into).collect()))
}

impl From<Customer> for DemoCustomer {
    fn from(customer: Customer) -> Self {
        let Customer { name, msisdn, account, status, sub_status, totp_secret, transactions, wallets: _, mail: _ } = customer;
        let transactions = transactions.into_iter().map(Into::into).collect();
        Self { name, msisdn, account, status, sub_status, totp_secret, transactions }
    }
}

impl From<CustomerTransaction> for DemoTransaction {
    fn from(CustomerTransaction { id, kind, status, amount, currency }: CustomerTransaction) -> Self {
        Self { id, kind, status, amount, currency }
    }
}
