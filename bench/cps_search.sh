#!/usr/bin/env bash
# cps_search.sh [SECONDS] [START] [MAX]: the highest rate of the plain job at which every call is made, nothing is sent twice, and the rate
# is reached. Climbs by half, then halves the gap until it is below a twentieth. A rate has two tries, because the machine is shared.
set -euo pipefail
# shellcheck source=bench/jobs.sh
. "$(dirname "$0")/jobs.sh"

LAST_S=${1:-6} rate=${2:-60} MAX=${3:-6000} held=0 lost=0
holds() {
  local line
  for _ in 1 2; do
    line=$("$HERE/answer_job.sh" "$1" "$LAST_S")
    echo "$line" >&2
    grep -q "\"ok\":$(($1 * LAST_S)),\"failed\":0,\"retransmissions\":0," <<<"$line" &&
      awk -F'"reached_per_s":' -v rate="$1" '{exit !($2 + 0 >= 0.97 * rate)}' <<<"$line" && return 0
    sleep 2
  done
  return 1
}
while [ "$rate" -le "$MAX" ]; do
  if holds "$rate"; then held=$rate; else lost=$rate; break; fi
  rate=$((rate * 3 / 2))
done
while [ $((lost - held)) -gt $((held / 20 + 2)) ]; do
  rate=$(((held + lost) / 2))
  if holds "$rate"; then held=$rate; else lost=$rate; fi
done
printf '{"job":"rate","held_per_s":%d,"lost_at_per_s":%d,"seconds":%d}\n' "$held" "$lost" "$LAST_S"
