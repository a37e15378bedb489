#!/usr/bin/env bash
# Sourced by the jobs: a private loopback, the server under test on 127.0.0.1:5070 of it, and what the kernel counted. Ends only what it
# started. Needs root for the private loopback (`ip netns`).

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/.." && pwd)
PROFILE=${PROFILE:-release}
BIN=${BIN:-${CARGO_TARGET_DIR:-$ROOT/target}/$PROFILE}
# shellcheck disable=SC2034 # used by the jobs that source this
TOOLS=${TOOLS:-$HERE/tools/target/release}
RUN=${RUN:-${TMPDIR:-/tmp}/walletline-jobs}
RESULTS=${RESULTS:-$RUN/results}
# shellcheck disable=SC2034
SERVER=127.0.0.1:5070
NETNS=${NETNS:-walletline-bench}
AGENTS=${AGENTS:-600}
TICKS=$(getconf CLK_TCK)
export TERM=dumb
mkdir -p "$RUN" "$RESULTS"

# Runs something on the private loopback, whose ports nobody else has.
inside() { ip netns exec "$NETNS" "$@"; }

open_loopback() {
  [ "$(id -u)" = 0 ] || { echo "root is needed for a private loopback: sudo script/bench jobs" >&2; return 1; }
  ip netns list | grep -q "^$NETNS\b" || { ip netns add "$NETNS" && inside ip link set lo up; }
}

server_pid() { cat "$RUN/server.pid"; }

# CPU seconds of the server so far, user and system.
server_cpu() { awk -v ticks="$TICKS" '{sub(/^.*\) /, ""); printf "%.2f", ($12 + $13) / ticks}' "/proc/$(server_pid)/stat"; }
# CPU seconds of every process of the machine so far.
machine_cpu() { awk -v ticks="$TICKS" '/^cpu /{printf "%.2f", ($2 + $3 + $4 + $7 + $8) / ticks; exit}' /proc/stat; }
server_kb() { awk '/^VmRSS:/{print $2}' "/proc/$(server_pid)/status"; }
now() { date +%s.%N; }
calc() { awk "BEGIN { printf \"%.${2:-3}f\", $1 }"; }

# sipp_count FILE NAME: a figure of SIPp's last screen.
sipp_count() { awk -F'|' -v name="$2" 'index($0, name) {value = $3} END {printf "%d", value}' "$1"; }
# sipp_again FILE: requests that were sent more than once.
sipp_again() {
  awk '/(INVITE|BYE) -+>/{
      for (i = 1; $i !~ />$/; i++) ;
      # A time that begins here stands before the counts.
      if ($(i + 1) ~ /RTD/) i++
      again[$1] = $(i + 2)
    }
    END {for (m in again) sum += again[m]; printf "%d", sum}' "$1"
}

# percentile FILE NAME PERCENT: of the response times that SIPp wrote under this name.
percentile() {
  awk -F';' -v name="\"$2\"" '$3 == name || $3 == substr(name, 2, length(name) - 2) {print $2}' "$1"/*rtt*.csv 2>/dev/null | sort -n |
    awk -v p="$3" '{v[NR] = $1} END {if (NR) print v[int((NR - 1) * p / 100) + 1]; else print "null"}'
}
