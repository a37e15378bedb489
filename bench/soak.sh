#!/usr/bin/env bash
# soak.sh: mixed calls for half an hour (MINUTES): whole jobs with audio both ways (TALKS a second, each of 20 s), plain calls (PLAIN a
# second), and callers who are gone when they are answered (GONE a second). Each minute what the server holds is printed; at the end, once
# everything has been forgotten that is remembered for a while, a verdict.
set -euo pipefail
# shellcheck source=bench/jobs.sh
. "$(dirname "$0")/jobs.sh"

MINUTES=${MINUTES:-30} TALKS=${TALKS:-3} PLAIN=${PLAIN:-25} GONE=${GONE:-2}
# Sessions, transactions and the store's log are remembered for less than this.
SETTLE_S=${SETTLE_S:-60}
# What may be held more at the end than after the third minute, by when pools and buffers have the size that the load needs.
GROWTH_KB_MAX=${GROWTH_KB_MAX:-16384} RSS_KB_MAX=${RSS_KB_MAX:-204800}
OUT=$RESULTS/soak
rm -rf "$OUT"
mkdir -p "$OUT"
trap '"$HERE/server.sh" stop 2>/dev/null || true' EXIT
"$HERE/server.sh" start

# metric NAME [LABEL]: all series of a name added up, or those that hold LABEL.
metric() {
  inside curl -fs "http://127.0.0.1:5990/metrics" |
    awk -v name="$1" -v label="${2:-}" '{split($1, part, "{")} part[1] == name && index($1, label) {sum += $2} END {printf "%d", sum}'
}
sockets() { find "/proc/$(server_pid)/fd" -type l -lname 'socket:*' | wc -l; }
look() {
  printf '{"soak_minute":%d,"kb":%d,"sockets":%d,"threads":%d,"tasks":%d,"legs":%d,"dialogs":%d,"transactions":%d,"unsaved":%d,"calls":%d}\n' "$1" \
    "$(server_kb)" "$(sockets)" "$(find "/proc/$(server_pid)/task" -maxdepth 1 -mindepth 1 | wc -l)" "$(metric walletline_tasks)" \
    "$(metric walletline_legs)" "$(metric walletline_sip_dialogs)" "$(metric walletline_sip_transactions)" \
    "$(metric walletline_records_unsaved)" "$(metric walletline_sip_calls_total answered)" | tee -a "$OUT/minutes.jsonl"
}
field() { sed -n "s/.*\"$2\":\([0-9]*\).*/\1/p" <<<"$1"; }
calls_of() { # SCENARIO PORT RATE NAME
  inside sipp "$SERVER" -sf "$HERE/sipp/$1" -s 100 -set hold_ms 1000 -key caller_prefix 70000000 -i 127.0.0.1 -p "$2" -mp $(($2 + 1000)) -r "$3" \
    -m $(($3 * MINUTES * 60)) -l 2000 -nostdin >"$OUT/$4.out" 2>&1
}

rest=$(look 0)
echo "$rest"
RATE=$TALKS CALLS=$((TALKS * MINUTES * 60)) HOLD_MS=20000 OUT=soak.talk "$HERE/hotline_job.sh" >"$OUT/talk.json" &
talks=$!
calls_of caller_answer.xml 5091 "$PLAIN" plain &
plain=$!
calls_of caller_gone.xml 5099 "$GONE" gone &
gone=$!
for minute in $(seq "$MINUTES"); do
  sleep 60
  line=$(look "$minute")
  echo "$line"
  [ "$minute" -gt 3 ] || settled=$line
done
wait "$talks" || true
wait "$plain" || true
wait "$gone" || true
sleep "$SETTLE_S"
last=$(look $((MINUTES + 2)))
echo "$last"

faults=()
grown=$(($(field "$last" kb) - $(field "$settled" kb)))
[ "$grown" -le "$GROWTH_KB_MAX" ] || faults+=("memory grew by $grown KiB since the third minute")
[ "$(field "$last" kb)" -le "$RSS_KB_MAX" ] || faults+=("$(field "$last" kb) KiB are held")
for name in legs dialogs transactions unsaved; do
  [ "$(field "$last" $name)" = 0 ] || faults+=("$name are left: $(field "$last" $name)")
done
for name in sockets tasks threads; do
  # The pool of readers and of blocking work may have a few more than at the start.
  [ "$(field "$last" $name)" -le $(($(field "$rest" $name) + 12)) ] || faults+=("$name: $(field "$last" $name), $(field "$rest" $name) at the start")
done
for name in plain gone; do
  case $name in plain) wanted=$PLAIN ;; gone) wanted=$GONE ;; esac
  wanted=$((wanted * MINUTES * 60)) ok=$(sipp_count "$OUT/$name.out" 'Successful call')
  [ "$ok" = "$wanted" ] || faults+=("of $wanted calls named $name $ok went as they should")
done
ok=$(sed -n 's/.*"ok":\([0-9]*\),.*/\1/p' "$OUT/talk.json")
[ "${ok:-0}" = $((TALKS * MINUTES * 60)) ] || faults+=("of $((TALKS * MINUTES * 60)) whole jobs ${ok:-0} were done")
[ ${#faults[@]} = 0 ] || { printf 'soak: %s\n' "${faults[@]}"; exit 1; }
printf 'soak: %d calls in %d minutes, %+d KiB since the third, nothing left\n' "$(field "$last" calls)" "$MINUTES" "$grown"
