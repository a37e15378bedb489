//! Metrics in Prometheus' text format. Figures are read when they are asked for; nothing is counted twice.

use super::trunks;
use crate::engine::{Figures, Handle};
use metrics::{counter, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::future::Future;
use std::time::Duration;
use walletline_store::{Statistics, Store};

/// Where a mean opinion score changes its meaning (ITU-T G.107 annex B): 2.6 nearly all, 3.1 many, 3.6 some users are
/// dissatisfied, 4.0 they are satisfied, 4.3 very satisfied.
const MOS_BUCKETS: [f64; 6] = [2.0, 2.6, 3.1, 3.6, 4.0, 4.3];

/// How often measurements that wait in memory are taken in.
const UPKEEP_EVERY: Duration = Duration::from_secs(10);

/// Renders the metrics.
pub struct Scrape {
    recorder: PrometheusHandle,
    store: Store,
    engine: Option<Handle>,
}

impl Scrape {
    /// Installs the process-wide recorder.
    ///
    /// # Errors
    /// When a recorder is already installed.
    pub fn install(store: Store) -> Result<Self, BuildError> {
        let mos = Matcher::Full("walletline_leg_mos".to_owned());
        let recorder = PrometheusBuilder::new().set_buckets_for_metric(mos, &MOS_BUCKETS)?.install_recorder()?;
        Ok(Self { recorder, store, engine: None })
    }

    /// Adds the engine's figures.
    #[must_use]
    pub fn with(self, engine: Handle) -> Self {
        Self { engine: Some(engine), ..self }
    }

    /// Takes in what was measured since the last time, again and again: each measurement waits in memory until then, and nobody may
    /// ever ask for the metrics.
    pub fn upkeep(&self) -> impl Future<Output = ()> + Send + use<> {
        let recorder = self.recorder.clone();
        async move {
            let mut due = tokio::time::interval(UPKEEP_EVERY);
            loop {
                due.tick().await;
                recorder.run_upkeep();
            }
        }
    }

    /// The metrics as text.
    pub(super) async fn render(&self) -> String {
        store(self.store.statistics());
        if let Some(engine) = &self.engine
            && let Some(figures) = engine.figures().await
        {
            live(&figures);
            voice(&figures);
            trunks::render(&figures);
        }
        self.recorder.run_upkeep();
        self.recorder.render()
    }
}

fn store(figures: Statistics) {
    counter!("walletline_commits_total").absolute(figures.commits);
    counter!("walletline_commit_groups_total").absolute(figures.groups);
    counter!("walletline_commit_conflicts_total").absolute(figures.conflicts);
    counter!("walletline_commit_failures_total").absolute(figures.failures);
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats; these counts are far below 2^52")]
fn live(figures: &Figures) {
    let live = &figures.live;
    gauge!("walletline_calls").set(live.calls as f64);
    gauge!("walletline_offers").set(live.offers as f64);
    gauge!("walletline_records_unsaved").set(live.unsaved as f64);
    counter!("walletline_records_lost_total").absolute(live.records_lost);
    for (queue, waiting) in &live.waiting {
        gauge!("walletline_queue_waiting", "queue" => queue.clone()).set(*waiting as f64);
    }
    for (state, agents) in &live.agents {
        gauge!("walletline_agents", "state" => *state).set(*agents as f64);
    }
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats; these counts are far below 2^52")]
fn voice(figures: &Figures) {
    let (voice, sip, media) = (&figures.voice, &figures.voice.sip, &figures.voice.media);
    for (kind, legs) in [("sip", sip.legs), ("browser", media.browser_legs)] {
        gauge!("walletline_legs", "kind" => kind).set(legs as f64);
    }
    let (load, media_tasks) = figures.held;
    for (kind, tasks) in [("sip", load.tasks), ("media", media_tasks)] {
        gauge!("walletline_tasks", "kind" => kind).set(tasks as f64);
    }
    for (kind, transactions) in [("live", load.transactions), ("remembered", load.remembered)] {
        gauge!("walletline_sip_transactions", "kind" => kind).set(transactions as f64);
    }
    gauge!("walletline_sip_dialogs").set(load.dialogs as f64);
    gauge!("walletline_registrations").set(voice.registrations as f64);
    counter!("walletline_rtcp_packets_total").absolute(media.rtcp);
    counter!("walletline_bridges_total").absolute(voice.bridges_made);
    for (direction, packets) in [("received", media.packets_received), ("sent", media.packets_sent)] {
        counter!("walletline_rtp_packets_total", "direction" => direction).absolute(packets);
    }
    let dropped = [
        ("garbage", media.garbage),
        ("stray", media.strays),
        ("unauthentic", media.unauthentic),
        ("replayed", media.replayed),
        ("send_failed", media.send_failures),
    ];
    for (reason, packets) in dropped {
        counter!("walletline_rtp_dropped_total", "reason" => reason).absolute(packets);
    }
    for (direction, messages) in [("received", sip.messages_received), ("sent", sip.messages_sent)] {
        counter!("walletline_sip_messages_total", "direction" => direction).absolute(messages);
    }
    let refused = [
        ("unknown_line", sip.rejected_unknown_line),
        ("busy", sip.rejected_busy),
        ("overloaded", sip.rejected_overloaded),
        ("limit", sip.rejected_at_limit),
        ("media", sip.rejected_media),
        ("flood", sip.flood_dropped),
        ("blocked", sip.blocked_dropped),
    ];
    for (reason, calls) in refused {
        counter!("walletline_sip_calls_refused_total", "reason" => reason).absolute(calls);
    }
    counter!("walletline_sip_calls_total", "outcome" => "offered").absolute(sip.calls_offered);
    counter!("walletline_sip_calls_total", "outcome" => "answered").absolute(sip.calls_answered);
    for (transport, open) in [("tcp", sip.tcp_connections), ("tls", sip.tls_connections)] {
        gauge!("walletline_sip_connections", "transport" => transport).set(open as f64);
    }
    let ended = [("refused", sip.connections_refused), ("failed", sip.connections_failed), ("broken", sip.connections_broken)];
    for (reason, connections) in ended {
        counter!("walletline_sip_connections_ended_total", "reason" => reason).absolute(connections);
    }
    counter!("walletline_sip_messages_dropped_total").absolute(sip.messages_dropped);
}
