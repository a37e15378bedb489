#!/usr/bin/env bash
# check-apis.sh SCHEMATHESIS WALLETLINE: sends the demo and the sandbox what a machine makes of their contracts, good and bad, the same
# things each time, and ends with `N passed, N failed`: one for each operation and reader. About a minute. Needs python3 and curl.
set -euo pipefail
schemathesis=$(realpath "$1") walletline=$(realpath "$2")
official=$PWD/crates/gsma/tests/fixtures/gsma-mobile-money-1.2.0.yaml
seed=20260
cases=5         # of each operation in the first round; more while there is time
seconds=14      # for each of the three readers
dir=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$dir"' EXIT

# What schemathesis keeps of a run for the next one is for nobody.
cd "$dir"

# Five ports that nobody uses now.
read -r http internal sip media sandbox < <(python3 - <<'PYTHON'
import socket
held = [socket.socket() for _ in range(5)]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in held))
PYTHON
)

WALLETLINE_HTTP_LISTEN=127.0.0.1:$http WALLETLINE_HTTP_INTERNAL=127.0.0.1:$internal WALLETLINE_SIP_UDP=127.0.0.1:$sip \
  WALLETLINE_MEDIA_PORTS=$media-$((media + 99 < 65535 ? media + 99 : 65535)) WALLETLINE_STORE_URL=sqlite:$dir/demo/walletline.db WALLETLINE_DATA_DIR=$dir/demo \
  "$walletline" serve --demo >"$dir/demo.log" 2>&1 &
"$walletline" sandbox --listen "127.0.0.1:$sandbox" --data "$dir/wallet.db" >"$dir/sandbox.log" 2>&1 &

# answers URL LOG: waits until something answers there.
answers() {
  local tries
  for ((tries = 0; tries < 240; tries++)); do
    curl --silent --fail --output /dev/null "$1" && return 0
    sleep 0.25
  done
  tail -n 5 "$2" >&2
  return 1
}
answers "http://127.0.0.1:$http/readyz" "$dir/demo.log"
answers "http://127.0.0.1:$sandbox/jinqiao/heartbeat" "$dir/sandbox.log"

# log_in USER: their cookie.
log_in() {
  curl --silent --fail --output /dev/null --dump-header - -H 'X-Walletline: 1' -H 'Content-Type: application/json' \
    --data "{\"user\":\"$1\",\"password\":\"walletline-demo\"}" "http://127.0.0.1:$http/api/v1/session" |
    sed -n 's/^set-cookie: \([^;]*\).*/\1/Ip'
}

passed=0 failed=0
# read_contract NAME ARGUMENT…: one reader; a contract that cannot be read at all is one failure.
read_contract() {
  local name=$1 tests bad
  shift
  printf -- '---- %s\n' "$name"
  "$schemathesis" run "$@" --phases coverage,fuzzing --seed "$seed" --max-examples "$cases" --max-time "$seconds" --no-shrink \
    --continue-on-failure --warnings off --no-color --generation-database none --report junit --report-junit-path "$dir/$name.xml" || true
  read -r tests bad < <(python3 - "$dir/$name.xml" <<'PYTHON'
import sys, xml.etree.ElementTree as xml
try:
    root = xml.parse(sys.argv[1]).getroot()
    tests, bad = int(root.get("tests")) - int(root.get("skipped") or 0), int(root.get("failures")) + int(root.get("errors"))
except (OSError, xml.ParseError):
    tests, bad = 1, 1
print(tests, bad if tests else 1)
PYTHON
  )
  passed=$((passed + tests - bad)) failed=$((failed + bad))
}

# Whose requests would change what the other readers meet: the session that is read with, the demo's clock, faults and lines.
ours=(--url "http://127.0.0.1:$http" -H 'X-Walletline: 1' --exclude-path-regex '^/(api/v1/(session|live)|demo/api/(reset|clock|lines|wallet))')
for user in lead1 agent1; do
  cookie=$(log_in "$user")
  read_contract "$user" "http://127.0.0.1:$http/api/openapi.json" "${ours[@]}" -H "Cookie: $cookie" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
done
# The sandbox answers what the hotline asks; the official file describes far more, and more strictly than wallets are.
read_contract sandbox "$official" --url "http://127.0.0.1:$sandbox/jinqiao" --checks not_a_server_error \
  --include-path-regex '^/(accounts/.*(status|balance|transactions|[}])$|transactions|requeststates|responses|heartbeat)'

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
