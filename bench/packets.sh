#!/usr/bin/env bash
# packets.sh: CPU time of one bridged RTP packet, received on one leg and sent on the other. Three callers, three agents' phones.
set -euo pipefail
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"

TALK_S=${TALK_S:-30} K=${K:-3} AGENTS=(agent1 agent2 agent3) PASSWORD=walletline-demo
start_walletline
# One second of a sound, as raw A-law; SIPp repeats it.
head -c 8000 /dev/urandom >"$RUN/sound.alaw"

for i in "${!AGENTS[@]}"; do
  agent=${AGENTS[$i]} port=$((5972 + i))
  sipp "127.0.0.1:$SIP_PORT" -sf "$HERE/sipp/register.xml" -key user "$agent" -key expires 3600 -au "$agent" -ap "$PASSWORD" \
    -i 127.0.0.1 -p "$port" -m 1 -nostdin >"$RUN/register.$i" 2>&1 || { echo "the phone of $agent was not registered" >&2; exit 1; }
  (cd "$RUN" && exec sipp 127.0.0.1 -sf "$HERE/sipp/phone.xml" -i 127.0.0.1 -p "$port" -mp $((14000 + i * 100)) -aa -nostdin >"$RUN/phone.$i" 2>&1) &
  STARTED+=($!)
  curl -fs -c "$RUN/cookie.$i" -H 'X-Walletline: 1' -H 'Content-Type: application/json' \
    -d "{\"user\":\"$agent\",\"password\":\"$PASSWORD\"}" "http://127.0.0.1:$HTTP_PORT/api/v1/session" >/dev/null
done
ready() {
  local i
  for i in "${!AGENTS[@]}"; do
    curl -fs -b "$RUN/cookie.$i" -X PUT -H 'X-Walletline: 1' -H 'Content-Type: application/json' -d '{"state":"ready"}' \
      "http://127.0.0.1:$HTTP_PORT/api/v1/me/state" >/dev/null
  done
}

for run in $(seq "$K"); do
  # Without finishing its record an agent is not asked again: ready ends the wrap-up of the last run.
  ready
  (cd "$RUN" && exec sipp "127.0.0.1:$SIP_PORT" -sf "$HERE/sipp/talker.xml" -s 101 -set hold_ms $(((TALK_S + 12) * 1000)) -i 127.0.0.1 -p 5971 \
    -mp 12000 -r 3 -m 3 -nostdin >"$RUN/talkers" 2>&1) &
  talkers=$!
  STARTED+=("$talkers")
  for try in $(seq 40); do
    [ "$(metric walletline_agents 'state="talking"')" = 3 ] && break
    sleep 0.25
  done
  [ "$try" -lt 40 ] || { echo "not all three calls were bridged" >&2; exit 1; }
  sleep 4 # the announcement of the agent's number
  cpu=$(cpu_ticks) packets=$(metric walletline_rtp_packets_total received) began=$(now)
  sleep "$TALK_S"
  used=$(calc "($(cpu_ticks) - $cpu) * 1000000 / $TICKS" 0) count=$(($(metric walletline_rtp_packets_total received) - packets))
  printf '{"part":"packets","run":%d,"calls":3,"packets":%d,"packets_per_s":%s,"cpu_us_per_packet":%s}\n' "$run" "$count" \
    "$(calc "$count / ($(now) - $began)" 0)" "$(calc "$used / ($count > 0 ? $count : 1)" 1)" | tee -a "$RUN/packets.jsonl"
  wait "$talkers" || true
done
printf '{"part":"packets","cpu_us_per_packet_median":%s}\n' "$(sed 's/.*"cpu_us_per_packet":\([0-9.]*\).*/\1/' "$RUN/packets.jsonl" | median)"
