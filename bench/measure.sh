#!/usr/bin/env bash
# measure.sh [PART…]: the figures of one server, each part on a fresh start, K runs of it. Parts: plain rate talk crowd cap memory. Walletline
# without more; another server that listens on 127.0.0.1:5070 with CMD='its command'; SIPp itself with CMD=floor (plain and rate only).
set -euo pipefail
# shellcheck source=bench/jobs.sh
. "$(dirname "$0")/jobs.sh"

[ $# -gt 0 ] || set -- plain rate talk crowd cap memory
K=${K:-3} EASY=${EASY:-100}
read -ra COMMAND <<<"${CMD-}"
start() { "$HERE/server.sh" start "${COMMAND[@]}"; }
stop() { "$HERE/server.sh" stop; }
trap 'stop 2>/dev/null || true' EXIT
# Waits, at most half a minute, until less than half a core is used by anybody.
calm() {
  local before
  for _ in $(seq 15); do
    before=$(machine_cpu)
    sleep 2
    [ "$(calc "($(machine_cpu) - $before) / 2 < 0.5" 0)" = 1 ] && return 0
  done
  echo "the machine is not quiet: every line says what others used" >&2
}
# The whole job, phones registered once a start.
talk() {
  calm
  "$HERE/hotline_job.sh"
  export REGISTERED=1
}

for part; do
  unset REGISTERED
  case $part in
  plain)
    start
    for _ in $(seq "$K"); do calm; "$HERE/answer_job.sh" "$EASY" 8; done
    stop
    ;;
  rate)
    for _ in $(seq "$K"); do start; calm; "$HERE/cps_search.sh"; stop; done
    ;;
  talk)
    start
    for run in $(seq "$K"); do RATE=20 CALLS=${CALLS:-100} HOLD_MS=16000 OUT=talk.$run talk; done
    stop
    ;;
  crowd)
    # The talk of a few, while CROWD callers hear music in a queue that nobody serves.
    start
    inside sipp "$SERVER" -sf "$HERE/sipp/caller_answer.xml" -s 103 -set hold_ms 3600000 -key caller_prefix 70000000 -i 127.0.0.1 -p 5095 \
      -mp 6200 -r 50 -m "${CROWD:-1000}" -l 15000 -nostdin >"$RUN/crowd.out" 2>&1 &
    crowd=$!
    sleep $((${CROWD:-1000} / 50 + 5))
    for run in $(seq "$K"); do RATE=5 CALLS=20 HOLD_MS=12000 OUT=crowd.$run talk; done
    kill "$crowd" 2>/dev/null || true
    wait "$crowd" || true
    stop
    ;;
  cap)
    start
    for calls in ${LADDER:-250 400 600 800 1000}; do
      RATE=25 CALLS=$calls HOLD_MS=$((calls * 1000 / 25 + 10000)) OUT=cap.$calls talk
      grep -q "\"ok\":$calls," "$RESULTS/cap.$calls/result.json" || break
    done
    stop
    ;;
  memory)
    for run in $(seq "$K"); do unset REGISTERED; start; RATE=20 CALLS=${CALLS:-100} HOLD_MS=12000 OUT=memory.$run talk; stop; done
    ;;
  *) echo "no part is named '$part': choose from plain rate talk crowd cap memory" >&2; exit 2 ;;
  esac
done
