//! Metrics of carriers and of sources that guess: by trunk, never by number or address.

use crate::engine::Figures;
use metrics::{counter, gauge};
use walletline_voice::{RegistrationState, TrunkStatus};

/// Sets them from the figures of the moment.
#[expect(clippy::cast_precision_loss, reason = "gauges are floats; these counts are far below 2^52")]
pub(super) fn render(figures: &Figures) {
    for trunk in &figures.trunks {
        stands(trunk);
        did(trunk);
    }
    let sip = &figures.voice.sip;
    gauge!("walletline_sip_sources_blocked").set(figures.sources_blocked as f64);
    counter!("walletline_sip_blocks_total").absolute(sip.sources_blocked);
    let offences = [
        ("registration", sip.offences_registration),
        ("digest", sip.offences_digest),
        ("unknown_line", sip.offences_unknown_line),
    ];
    for (kind, offences) in offences {
        counter!("walletline_sip_offences_total", "kind" => kind).absolute(offences);
    }
    counter!("walletline_trunk_challenges_total").absolute(sip.trunk_challenged);
    counter!("walletline_dials_without_trunk_total").absolute(sip.dials_without_trunk);
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats; these counts are far below 2^52")]
fn stands(trunk: &TrunkStatus) {
    for (target, up) in &trunk.targets {
        let up = if *up { 1.0 } else { 0.0 };
        gauge!("walletline_trunk_target_up", "trunk" => trunk.id.clone(), "target" => target.clone()).set(up);
    }
    match trunk.registration {
        RegistrationState::Off => {}
        RegistrationState::Absent => gauge!("walletline_trunk_registered", "trunk" => trunk.id.clone()).set(0.0),
        RegistrationState::Granted => gauge!("walletline_trunk_registered", "trunk" => trunk.id.clone()).set(1.0),
    }
    for (direction, calls) in [("in", trunk.live_in), ("out", trunk.live_out)] {
        gauge!("walletline_trunk_calls", "trunk" => trunk.id.clone(), "direction" => direction).set(calls as f64);
    }
}

fn did(trunk: &TrunkStatus) {
    let did = &trunk.counters;
    let calls = [
        ("in", "taken", did.calls_in),
        ("in", "limit", did.calls_in_refused),
        ("out", "placed", did.calls_out),
        ("out", "answered", did.calls_out_answered),
        ("out", "not_a_number", did.dials_not_a_number),
        ("out", "not_allowed", did.dials_not_allowed),
        ("out", "premium", did.dials_premium),
        ("out", "unknown_kind", did.dials_unknown_kind),
        ("out", "limit", did.dials_limited),
        ("out", "unreachable", did.dials_unreachable),
    ];
    for (direction, outcome, calls) in calls {
        let labels = [("trunk", trunk.id.clone()), ("direction", direction.to_owned()), ("outcome", outcome.to_owned())];
        counter!("walletline_trunk_calls_total", &labels).absolute(calls);
    }
    counter!("walletline_trunk_failovers_total", "trunk" => trunk.id.clone()).absolute(did.failovers);
    counter!("walletline_trunk_lookups_failed_total", "trunk" => trunk.id.clone()).absolute(did.lookups_failed);
    for (outcome, probes) in [("answered", did.probes_answered), ("unanswered", did.probes_unanswered)] {
        counter!("walletline_trunk_probes_total", "trunk" => trunk.id.clone(), "outcome" => outcome).absolute(probes);
    }
    for (outcome, registrations) in [("granted", did.registrations_granted), ("failed", did.registrations_failed)] {
        counter!("walletline_trunk_registrations_total", "trunk" => trunk.id.clone(), "outcome" => outcome)
            .absolute(registrations);
    }
}
