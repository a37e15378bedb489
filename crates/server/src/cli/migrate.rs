//! `walletline migrate`.

use super::{Failure, Place};

pub(super) async fn run(place: &Place) -> Result<(), Failure> {
    let (_, store) = place.store().await?;
    store.close().await;
    println!("The database is up to date.");
    Ok(())
}
