#!/usr/bin/env bash
# answer_job.sh RATE SECONDS [HOLD_MS] [LINE]: the plain job at one rate, as one JSON line.
set -euo pipefail
# shellcheck source=bench/jobs.sh
. "$(dirname "$0")/jobs.sh"

RATE=$1 LAST_S=$2 HOLD_MS=${3:-1000} LINE=${4:-100}
CALLS=$((RATE * LAST_S)) OUT=$RUN/answer
rm -rf "$OUT"
mkdir -p "$OUT"
cp "$HERE/sipp/caller_answer.xml" "$OUT/"
kb=$(server_kb) cpu=$(server_cpu) machine=$(machine_cpu) began=$(now)
(cd "$OUT" && inside timeout $((LAST_S * 3 + 30)) sipp "$SERVER" -sf caller_answer.xml -s "$LINE" -set hold_ms "$HOLD_MS" \
  -key caller_prefix 70000000 -i 127.0.0.1 -p 5081 -mp 6000 -r "$RATE" -m "$CALLS" -l 15000 -nostdin -aa -trace_rtt -rtt_freq 20 \
  >out.txt 2>&1) || true
wall=$(calc "$(now) - $began") used=$(calc "$(server_cpu) - $cpu") busy=$(calc "$(machine_cpu) - $machine")
ok=$(sipp_count "$OUT/out.txt" 'Successful call') failed=$(sipp_count "$OUT/out.txt" 'Failed call')
printf '{"job":"plain","rate":%d,"calls":%d,"ok":%d,"failed":%d,"retransmissions":%d,"reached_per_s":%s,"cpu_ms_per_call":%s,' \
  "$RATE" "$CALLS" "$ok" "$failed" "$(sipp_again "$OUT/out.txt")" "$(calc "$ok / ($wall - $HOLD_MS / 1000)" 1)" \
  "$(calc "$used * 1000 / ($ok > 0 ? $ok : 1)")"
printf '"answer_ms":[%s,%s],"others_cores":%s,"kb_before":%d,"kb_after":%d}\n' "$(percentile "$OUT" answer 50)" \
  "$(percentile "$OUT" answer 99)" "$(calc "($busy - $used) / $wall" 2)" "$kb" "$(server_kb)"
