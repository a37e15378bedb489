#!/usr/bin/env bash
# commits.sh: how many commits a second the store takes while calls come faster and faster, and how many share one sync of the disk.
# Stops at the first rate at which a call fails or is retransmitted.
set -euo pipefail
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"

start_walletline
for rate in ${LADDER:-25 50 100 200 400}; do
  commits=$(metric walletline_commits_total) groups=$(metric walletline_commit_groups_total) began=$(now)
  read -r ok failed again < <(place_calls 100 "$rate" 8 1000)
  wall=$(calc "$(now) - $began")
  commits=$(($(metric walletline_commits_total) - commits)) groups=$(($(metric walletline_commit_groups_total) - groups))
  printf '{"part":"commits","rate":%d,"ok":%d,"failed":%d,"retransmissions":%d,"commits_per_s":%s,"commits_per_sync":%s}\n' "$rate" "$ok" "$failed" \
    "$again" "$(calc "$commits / $wall" 0)" "$(calc "$commits / ($groups > 0 ? $groups : 1)" 2)"
  [ $((failed + again)) = 0 ] || break
done
