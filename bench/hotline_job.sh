#!/usr/bin/env bash
# hotline_job.sh: the whole job once: menu, digit, queue, an agent's phone, audio both ways, hang-up. From the environment: RATE calls a
# second, CALLS, HOLD_MS from the digit to the BYE, MENU_MS, RING_MS, LINE, DIGIT, OUT (a name), REGISTERED=1 when the phones are.
set -euo pipefail
# shellcheck source=bench/jobs.sh
. "$(dirname "$0")/jobs.sh"

RATE=${RATE:-5} CALLS=${CALLS:-20} HOLD_MS=${HOLD_MS:-10000} MENU_MS=${MENU_MS:-500} RING_MS=${RING_MS:-200}
LINE=${LINE:-102} DIGIT=${DIGIT:-1} OUT=$RESULTS/${OUT:-hotline}
rm -rf "$OUT"
mkdir -p "$OUT"
ports() { echo SEQUENTIAL; seq "$1" 4 $(($1 + 9996)) | sed 's/$/;/'; }
ports 10000 >"$RUN/ports_callers.csv"
ports 20000 >"$RUN/ports_agents.csv"
rm -f "$RUN/callers.fifo" "$RUN/agents.fifo"
mkfifo "$RUN/callers.fifo" "$RUN/agents.fifo"
(ulimit -n 20000 && exec ip netns exec "$NETNS" "$TOOLS/rtpeng" --fifo "$RUN/callers.fifo" --fifo "$RUN/agents.fifo" --report "$OUT/rtp.json" \
  --caller 10000 --agent 20000 --ports 2500) 2>"$OUT/rtpeng.err" &
media=$!
for _ in $(seq 100); do grep -q ready "$OUT/rtpeng.err" && break; sleep 0.1; done
if [ -z "${REGISTERED-}" ]; then
  # From the port that the phones listen on: some servers ring back where the REGISTER came from.
  inside sipp "$SERVER" -sf "$HERE/sipp/agent_register.xml" -inf "$RUN/agents.csv" -i 127.0.0.1 -p 5090 -mp 6100 -key agent_port 5090 \
    -key expires 3600 -r "${REGISTER_RATE:-200}" -m "$AGENTS" -nostdin >"$OUT/register.out" 2>&1 || echo "not every phone was registered" >&2
  sleep 1
fi
inside sipp 127.0.0.1 -sf "$HERE/sipp/agent.xml" -i 127.0.0.1 -p 5090 -l 15000 -mp 6100 -inf "$RUN/ports_agents.csv" -set ring_ms "$RING_MS" \
  -nostdin -aa -trace_logs -log_file "$RUN/agents.fifo" -trace_err -error_file "$OUT/agents.err" >"$OUT/agents.out" 2>&1 &
phones=$!
sleep 0.3
kb=$(server_kb) cpu=$(server_cpu) machine=$(machine_cpu) began=$(now)
inside sipp "$SERVER" -sf "$HERE/sipp/caller_hotline.xml" -s "$LINE" -set menu_ms "$MENU_MS" -set hold_ms "$HOLD_MS" -key digit "$DIGIT" \
  -key caller_prefix 70000000 -i 127.0.0.1 -p 5081 -mp 6000 -inf "$RUN/ports_callers.csv" -r "$RATE" -m "$CALLS" -l 15000 -nostdin \
  -trace_logs -log_file "$RUN/callers.fifo" -trace_err -error_file "$OUT/callers.err" >"$OUT/callers.out" 2>&1 &
callers=$!
# A look while every call is up: after the last one has reached its agent, before the first one hangs up.
ramp=$(calc "$CALLS / $RATE") up=$(calc "$CALLS / $RATE + ($MENU_MS + $RING_MS) / 1000 + 1")
span=$(calc "$HOLD_MS / 1000 - $ramp - $RING_MS / 1000 - 2")
plateau_cores=null plateau_us=null kb_up=$kb
if [ "$(calc "$span > 2" 0)" = 1 ]; then
  sleep "$up"
  cpu_up=$(server_cpu) at=$(now) kb_up=$(server_kb)
  sleep "$span"
  plateau_cores=$(calc "($(server_cpu) - $cpu_up) / ($(now) - $at)" 4)
  plateau_us=$(calc "$plateau_cores * 1000000 / ($CALLS * 100)" 2)
fi
wait "$callers" || true
sleep 0.5
used=$(calc "$(server_cpu) - $cpu") wall=$(calc "$(now) - $began") busy=$(calc "$(machine_cpu) - $machine")
echo QUIT >"$RUN/callers.fifo"
wait "$media" || true
kill -9 "$phones" 2>/dev/null || true
wait "$phones" 2>/dev/null || true
ok=$(sipp_count "$OUT/callers.out" 'Successful call')
{
  printf '{"job":"hotline","rate":%s,"calls":%d,"ok":%d,"failed":%d,"retransmissions":%d,"cpu_s_per_call":%s,"plateau_cores":%s,' "$RATE" "$CALLS" \
    "$ok" "$(sipp_count "$OUT/callers.out" 'Failed call')" "$(sipp_again "$OUT/callers.out")" "$(calc "$used / ($ok > 0 ? $ok : 1)" 4)" "$plateau_cores"
  printf '"us_per_rtp_packet":%s,"others_cores":%s,"kb_before":%d,"kb_per_call":%s,"rtp":' "$plateau_us" "$(calc "($busy - $used) / $wall" 2)" "$kb" \
    "$(calc "($kb_up - $kb) / $CALLS" 1)"
  tr -d '\n' <"$OUT/rtp.json"
  echo '}'
} | tee "$OUT/result.json"
