#!/usr/bin/env bash
# server.sh start [COMMAND…] | start floor | stop: the server under test on 127.0.0.1:5070 of the private loopback. Without a command it
# is Walletline on bench/walletline.toml, with a fresh store and its agents in it. `floor` is SIPp answering SIPp.
set -euo pipefail
# shellcheck source=bench/jobs.sh
. "$(dirname "$0")/jobs.sh"
cd "$ROOT"

start() {
  local command=("$@")
  open_loopback
  { echo SEQUENTIAL; for n in $(seq "$AGENTS"); do printf 'agent%04d;[authentication username=agent%04d password=pw%04d]\n' "$n" "$n" "$n"; done; } \
    >"$RUN/agents.csv"
  case ${1-} in
  floor) command=(sipp -sf "$HERE/sipp/floor_uas.xml" -i 127.0.0.1 -p 5070 -mp 4000 -nostdin -aa) ;;
  '')
    rm -rf target/bench
    mkdir -p target/bench/data
    "$BIN/examples/bench_agents" bench/walletline.toml "$AGENTS"
    command=("$BIN/walletline" serve --config bench/walletline.toml)
    ;;
  esac
  (ulimit -n 20000 && exec ip netns exec "$NETNS" "${command[@]}") >"$RUN/server.out" 2>"$RUN/server.err" &
  echo $! >"$RUN/server.pid"
  for _ in $(seq 120); do
    inside ss -lunH 'sport = :5070' | grep -q . && return 0
    kill -0 "$(server_pid)" 2>/dev/null || break
    sleep 0.25
  done
  echo "nothing listens on $SERVER:" >&2
  tail -n 5 "$RUN/server.out" "$RUN/server.err" >&2
  return 1
}

stop() {
  local pid
  pid=$(server_pid)
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 140); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.25
  done
  kill -9 "$pid"
}

case ${1-} in
start)
  shift
  start "$@"
  ;;
stop) stop ;;
*) echo "server.sh start [COMMAND…] | start floor | stop" >&2; exit 2 ;;
esac
