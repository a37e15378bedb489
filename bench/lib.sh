#!/usr/bin/env bash
# Sourced by the benchmarks: a server of their own, SIPp against it, and CPU time as the kernel counted it. Ends only what it started.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PROFILE=${PROFILE:-release}
BIN=${BIN:-${CARGO_TARGET_DIR:-$HERE/../target}/$PROFILE}
RUN=$(mktemp -d "${TMPDIR:-/tmp}/walletline-bench.XXXXXX")
SIP_PORT=${SIP_PORT:-5970} HTTP_PORT=${HTTP_PORT:-5980} INTERNAL_PORT=${INTERNAL_PORT:-5990}
# The kernel's ticks in a second, in which it counts CPU time.
# shellcheck disable=SC2034 # used by the benchmarks that source this
TICKS=$(getconf CLK_TCK)
STARTED=()
SERVER=
export TERM=dumb

stop_all() {
  local pid
  for pid in "${STARTED[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${STARTED[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$RUN"
}
trap stop_all EXIT

# A hotline whose line 100 greets and whose line 101 goes straight to the queue.
start_walletline() {
  cat >"$RUN/direct.toml" <<TOML
id = "direct"
start = "wait"
freeze = "urgent"
person = "wait"
[nodes.wait]
kind = "queue"
queue = "general"
priority = 5
[nodes.urgent]
kind = "queue"
queue = "general"
priority = 10
TOML
  cat >"$RUN/walletline.toml" <<TOML
[sip]
udp = "127.0.0.1:$SIP_PORT"
calls_max = 10000
[http]
listen = "127.0.0.1:$HTTP_PORT"
internal = "127.0.0.1:$INTERNAL_PORT"
[media]
bind = "127.0.0.1"
ports = "20000-31999"
[store]
url = "sqlite:$RUN/walletline.db"
[data]
dir = "$RUN/data"
[[line]]
number = "100"
wallet = "jinqiao"
flow = "hotline"
languages = ["en", "zh-CN"]
[[line]]
number = "101"
wallet = "jinqiao"
flow = "$RUN/direct.toml"
languages = ["en"]
TOML
  ulimit -n 20000 2>/dev/null || true
  "$BIN/walletline" serve --demo --config "$RUN/walletline.toml" >"$RUN/server.out" 2>"$RUN/server.err" &
  SERVER=$!
  STARTED+=("$SERVER")
  local try
  for try in $(seq 100); do
    curl -fs "http://127.0.0.1:$HTTP_PORT/readyz" >/dev/null && return 0
    kill -0 "$SERVER" 2>/dev/null || break
    sleep 0.2
  done
  echo "walletline is not ready after $try tries:" >&2
  tail -n 20 "$RUN/server.err" >&2
  return 1
}

# The voice crate alone.
start_answer() {
  mkfifo "$RUN/leash"
  # Its standard input stays open for as long as it shall run.
  exec 7<>"$RUN/leash"
  "$BIN/examples/answer" "127.0.0.1:$SIP_PORT" 20000-31999 <"$RUN/leash" >"$RUN/server.out" 2>"$RUN/server.err" &
  SERVER=$!
  STARTED+=("$SERVER")
  local try
  for try in $(seq 50); do
    grep -q 'answering on' "$RUN/server.out" 2>/dev/null && return 0
    sleep 0.1
  done
  echo "the answering program did not start after $try tries" >&2
  return 1
}

stop_server() {
  kill "$SERVER" 2>/dev/null || true
  wait "$SERVER" 2>/dev/null || true
}

# CPU ticks of the server so far, user and system.
cpu_ticks() { awk '{sub(/^.*\) /, ""); print $12 + $13}' "/proc/$SERVER/stat"; }
# Ticks in which any process of the machine ran.
busy_ticks() { awk '/^cpu /{print $2 + $3 + $4 + $7 + $8; exit}' /proc/stat; }
rss_kb() { awk '/^VmRSS:/{print $2}' "/proc/$SERVER/status"; }
now() { date +%s.%N; }
calc() { awk "BEGIN { printf \"%.${2:-3}f\", $1 }"; }
median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }

# metric NAME [LABEL]: all series of a name added up, or those that hold LABEL.
metric() {
  curl -fs "http://127.0.0.1:$INTERNAL_PORT/metrics" |
    awk -v name="$1" -v label="${2:-}" '{split($1, part, "{")} part[1] == name && index($1, label) {sum += $2} END {printf "%d\n", sum}'
}

# place_calls LINE RATE SECONDS HOLD_MS: prints `ok failed retransmissions`, as SIPp counted them.
place_calls() {
  local calls=$(($2 * $3)) log="$RUN/calls"
  sipp "127.0.0.1:$SIP_PORT" -sf "$HERE/sipp/caller.xml" -s "$1" -set hold_ms "$4" -i 127.0.0.1 -p 5971 -mp 6000 -r "$2" -m "$calls" \
    -l 15000 -nostdin -timeout $(($3 * 3 + 30)) >"$log" 2>&1 || true
  awk -F'|' '/Successful call/{ok = $3} /Failed call/{failed = $3} END {printf "%d %d ", ok, failed}' "$log"
  awk '/(INVITE|BYE) -+>/{for (i = 1; i <= NF; i++) if ($i ~ />$/) {retr[$1] = $(i + 2)}} END {for (m in retr) sum += retr[m]; printf "%d\n", sum}' "$log"
}
