// Whether the desk is connected and whether it can hear the agent: always visible, because both fail silently.

import { useSyncExternalStore } from "react";
import { allowMicrophone, type MicrophoneState, microphone } from "../../call/devices.ts";
import type { IconName } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import type { Connection } from "../../live/socket.ts";
import { Button } from "../../ui/button.tsx";
import { Chip, type Status } from "../../ui/chip.tsx";
import { useLive } from "./use-live.ts";
import { useNow } from "./use-now.ts";

const CONNECTION: Record<Connection, { status: Status; icon: IconName }> = {
  connecting: { status: "warn", icon: "link" },
  open: { status: "ok", icon: "link" },
  lost: { status: "bad", icon: "linkOff" },
};

export function ConnectionChip() {
  const t = useStaff();
  const { connection, heard_at_ms } = useLive();
  const now = useNow(0);
  const { status, icon } = CONNECTION[connection];
  const age = duration(now - heard_at_ms);
  return (
    <Chip status={status} icon={icon} text={t.connection[connection]}>
      <p>{connection === "lost" ? t.connection.lostDetail(age) : t.connection[connection]}</p>
    </Chip>
  );
}

const MICROPHONE: Record<MicrophoneState, { status: Status; icon: IconName }> = {
  unknown: { status: "quiet", icon: "microphone" },
  granted: { status: "ok", icon: "microphone" },
  prompt: { status: "warn", icon: "microphone" },
  denied: { status: "bad", icon: "microphoneOff" },
  missing: { status: "bad", icon: "microphoneOff" },
  unsupported: { status: "bad", icon: "microphoneOff" },
};

export function MicrophoneChip() {
  const t = useStaff();
  const w = useWords();
  const state = useSyncExternalStore(microphone.subscribe, microphone.state);
  const { status, icon } = MICROPHONE[state];
  const canAsk = state === "prompt" || state === "unknown";
  return (
    <Chip status={status} icon={icon} text={w.microphone[state]}>
      <p>{canAsk ? t.microphone.why : t.microphone[state]}</p>
      {canAsk && (
        // A refusal shows on the chip itself.
        <Button tone="accent" icon="microphone" onPress={() => void allowMicrophone().catch(() => undefined)}>
          {t.microphone.allow}
        </Button>
      )}
    </Chip>
  );
}
