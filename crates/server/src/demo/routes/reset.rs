//! Puts the demo world back to its beginning.

use super::{demo, sandbox};
use crate::web::State;
use crate::web::error::Problem;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::{actor::Actor, time::Wall};
use walletline_core::switchboard::LineState;

/// Errands and acts ended in one reset.
const ENDED_MAX: u32 = 1_000;

/// The wallet as it was seeded, empty phones, no limits reached, nothing on its way, every line held open. The clock and the records stay.
#[utoipa::path(post, path = "/demo/api/reset", operation_id = "resetDemo", tag = "demo", security(()), responses(
    (status = 204, description = "It is as at the beginning."),
))]
pub(crate) async fn reset(Shared(state): Shared<State>) -> Result<StatusCode, Problem> {
    let demo = demo(&state)?;
    let now = state.clock.wall();
    // What is still on its way belongs to the old world: it must not reach the new one.
    for (version, errand) in state.store.errands_due(Wall(i64::MAX), ENDED_MAX).await? {
        let _somebody_was_faster = state.store.commit(errand.done(version, now)).await;
    }
    for (version, operation) in state.store.unsettled_operations(ENDED_MAX).await? {
        if let Some((_, commit)) = operation.give_up(version, now) {
            let _somebody_was_faster = state.store.commit(commit).await;
        }
    }
    let entry = Entry::new(now, Actor::Operator, "demo.reset", "demo");
    state.store.commit(Commit::new(entry, vec![Change::TalliesForgotten, Change::RefundsForgotten])).await?;
    demo.wallet.control.reset().await.map_err(sandbox)?;
    demo.phones.clear();
    for line in &state.config.lines {
        state.engine.hold_line(line.number.clone(), Some(LineState::Open)).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
