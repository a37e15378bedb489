#!/usr/bin/env bash
# calls.sh plain|calls: CPU time of one call at an easy rate; one JSON line a run, medians last.
set -euo pipefail
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"

WHAT=$1 RATE=${RATE:-50} SECONDS_RUN=${SECONDS_RUN:-10} K=${K:-3}
case $WHAT in plain) start_answer ;; calls) start_walletline ;; *) echo "plain or calls" >&2; exit 2 ;; esac

place_calls 100 10 2 1000 >/dev/null # warm: the first calls pay for pages and tables
for run in $(seq "$K"); do
  cpu=$(cpu_ticks) busy=$(busy_ticks) began=$(now)
  read -r ok failed again < <(place_calls 100 "$RATE" "$SECONDS_RUN" 1000)
  sleep 1 # what a call leaves to do is part of its cost
  wall=$(calc "$(now) - $began") used=$(calc "($(cpu_ticks) - $cpu) * 1000 / $TICKS" 0)
  printf '{"part":"%s","run":%d,"rate":%d,"ok":%d,"failed":%d,"retransmissions":%d,"cpu_ms_per_call":%s,"machine_busy":%s,"rss_kb":%d}\n' \
    "$WHAT" "$run" "$RATE" "$ok" "$failed" "$again" "$(calc "$used / ($ok > 0 ? $ok : 1)")" \
    "$(calc "($(busy_ticks) - $busy) / $TICKS / $wall / $(nproc)" 2)" "$(rss_kb)" | tee -a "$RUN/$WHAT.jsonl"
done
printf '{"part":"%s","cpu_ms_per_call_median":%s}\n' "$WHAT" \
  "$(sed 's/.*"cpu_ms_per_call":\([0-9.]*\).*/\1/' "$RUN/$WHAT.jsonl" | median)"
