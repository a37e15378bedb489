// Shows a passkey: the browser asks for it, the server judges what it gives.

import { useState } from "react";
import { sessionApi } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { Me } from "../../api/types.ts";
import { useSessionWords } from "../../i18n/use-session-words.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { NoPasskey, showPasskey } from "./passkey.ts";

type Props = { onShown: (me: Me) => void; onProblem: (problem: string | null) => void };

export function PasskeyButton({ onShown, onProblem }: Props) {
  const t = useSessionWords();
  const w = useWords();
  const [isBusy, setBusy] = useState(false);
  const show = async () => {
    setBusy(true);
    onProblem(null);
    try {
      const { options } = await sessionApi.challengePasskey();
      onShown(await sessionApi.confirm({ passkey: await showPasskey(options) }));
    } catch (error) {
      onProblem(error instanceof NoPasskey ? t.passkeys.notShown : w.problems[slugOfError(error)]);
      setBusy(false);
    }
  };
  return (
    <Button tone="accent" size="large" icon="shield" isDisabled={isBusy} onPress={() => void show()}>
      {isBusy ? t.passkeys.busy : t.passkeys.show}
    </Button>
  );
}
