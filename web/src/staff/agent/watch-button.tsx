// "Tell me when it moves": the transaction that the customer asked about is watched for them. Nothing is shown of it afterwards: they are told.

import { useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { ContactView } from "../../api/types.ts";
import { useCaseWords } from "../../i18n/use-cases.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { notices } from "../shell/notice.ts";

export function WatchButton({ contact }: { contact: ContactView }) {
  const t = useCaseWords();
  const w = useWords();
  const transaction = contact.customer.transaction?.id;
  const [watched, setWatched] = useState<string | null>(null);
  if (!contact.leads || !contact.connected_at || transaction === undefined) return null;
  const watch = () =>
    api
      .watchTransaction(contact.id)
      .then(() => {
        setWatched(transaction);
        notices.tell(t.watch.begun);
      })
      .catch((error: unknown) => notices.complain(w.problems[slugOfError(error)]));
  if (watched === transaction) return <p className="muted">{t.watch.begun}</p>;
  return (
    <Button icon="bell" onPress={() => void watch()}>
      {t.watch.ask}
    </Button>
  );
}
