//! Proposes to publish an address, to change what is published of it, or to withdraw it.

use super::{RULINGS_MAX, clerk};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Body;
use crate::web::state::State;
use crate::web::wire::{self, ListingProposal, ListingView};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::directory::{Address, Entry, Listing, ListingRefusal, Mark, Ruled};
use walletline_store::CommitError;

/// Propose an entry, new or instead of what is published of its address, or the withdrawal of one. Nothing is published before
/// somebody else approves.
#[utoipa::path(post, path = "/api/v1/directory", operation_id = "proposeListing", tag = "directory", request_body = ListingProposal,
    responses(
    (status = 201, body = ListingView),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin."),
    (status = 409, body = wire::Problem, description = "A proposal about this address waits, nothing is published of it, or it is \
        confirmed as a fake."),
    (status = 422, body = wire::Problem, description = "No such wallet, no address, or nothing that can be published."),
))]
pub(crate) async fn propose(
    Shared(state): Shared<State>,
    signed: Signed,
    Body(proposal): Body<ListingProposal>,
) -> Result<(StatusCode, Json<ListingView>), Problem> {
    if !state.config.wallets.iter().any(|wallet| wallet.id == proposal.wallet) {
        return Err(Problem::invalid_input("there is no wallet of this id"));
    }
    let wanted = match (proposal.entry, proposal.withdraw) {
        (Some(entry), None) => Wanted::Publish(Entry::try_from(entry)?),
        (None, Some(address)) => Wanted::Withdraw(Address::try_from(&address)?),
        _ => return Err(Problem::invalid_input("give either `entry` or `withdraw`")),
    };
    for _ in 0..RULINGS_MAX {
        let ruled = rule(&state, &signed, &proposal.wallet, &wanted, &proposal.note).await?;
        match state.store.commit(ruled.commit).await {
            Ok(()) => {
                let number_of = state.numbers().await?;
                return Ok((StatusCode::CREATED, Json(ListingView::new(&ruled.listing, &number_of))));
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}

enum Wanted {
    Publish(Entry),
    Withdraw(Address),
}

async fn rule(state: &State, signed: &Signed, wallet: &str, wanted: &Wanted, note: &str) -> Result<Ruled, Problem> {
    let (by, now, note) = (clerk(signed), state.clock.wall(), note.trim().to_owned());
    let address = match wanted {
        Wanted::Publish(entry) => &entry.address,
        Wanted::Withdraw(address) => address,
    };
    let row = state.store.listing_of(wallet, address).await?;
    let condemned = state.directory.is_condemned(&[Mark::of(address)]).await?;
    Ok(match (wanted, row) {
        (Wanted::Publish(entry), Some((version, listing))) => {
            listing.propose(version, entry.clone(), note, by, condemned, now)?
        }
        (Wanted::Publish(entry), None) => {
            Listing::propose_new(state.fresh_id()?, wallet.to_owned(), entry.clone(), note, by, condemned, now)?
        }
        (Wanted::Withdraw(_), Some((version, listing))) => listing.propose_withdrawal(version, note, by, now)?,
        (Wanted::Withdraw(_), None) => return Err(ListingRefusal::NotPublished.into()),
    })
}
