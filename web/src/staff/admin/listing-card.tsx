// One address of the directory: how it stands, what waits, and what may be done about it by whoever looks.

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { directoryApi } from "../../api/client.ts";
import type { DirectoryEntry, Listing, Me } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { LANGUAGE_NAMES, useLanguage } from "../../i18n/language.ts";
import { useDirectoryWords } from "../../i18n/use-directory.ts";
import { Button } from "../../ui/button.tsx";
import { DIRECTORY_KEY, useDirectoryAct } from "./directory-page.tsx";

type Props = { me: Me; listing: Listing; onChange: (listing: Listing) => void };

/** The longest reason that the server takes, characters. */
const REASON_MAX = 500;

/** An act that asks for a reason first. */
type Reasoned = "decline" | "withdraw";

export function ListingCard({ me, listing, onChange }: Props) {
  const t = useDirectoryWords();
  const language = useLanguage();
  const { act, problem } = useDirectoryAct();
  const [isOpen, setOpen] = useState(false);
  const [asking, setAsking] = useState<Reasoned | null>(null);
  const { address, proposal, published } = listing;
  const isOwn = proposal?.by === me.number;
  const decides = proposal !== null && !isOwn && (me.role === "admin" || me.role === "checker");
  const proposes = proposal === null && me.role === "admin";
  const toggle = (what: Reasoned) => setAsking(asking === what ? null : what);
  const submit = async (what: Reasoned, note: string) => {
    const isDone = await act(() =>
      what === "decline"
        ? directoryApi.decide(listing.id, false, note)
        : directoryApi.propose({ wallet: listing.wallet, withdraw: address, note }),
    );
    if (isDone) setAsking(null);
  };
  return (
    <li className="listing">
      <h3>
        <span className="figures">{address.value}</span>{" "}
        <span className="muted">
          {listing.wallet} · {t.kinds[address.kind]}
          {address.platform ? ` · ${address.platform}` : ""} · {t.states[listing.state]}
        </span>
      </h3>
      {published && <EntryWords entry={published} />}
      {proposal && (
        <div className="proposal">
          {proposal.entry ? <EntryWords entry={proposal.entry} /> : <p>{t.withdrawal}</p>}
          <p className="muted">
            {t.by(proposal.by)} · {shortTime(proposal.at, Date.now(), language)}
            {proposal.note && ` · ${proposal.note}`}
          </p>
        </div>
      )}
      {problem && <p role="alert">{problem}</p>}
      <p className="listing-acts">
        {decides && (
          <>
            <Button tone="ok" onPress={() => void act(() => directoryApi.decide(listing.id, true))}>
              {t.approve}
            </Button>
            <Button aria-expanded={asking === "decline"} onPress={() => toggle("decline")}>
              {t.decline}
            </Button>
          </>
        )}
        {isOwn && <Button onPress={() => void act(() => directoryApi.retract(listing.id))}>{t.retract}</Button>}
        {proposes && <Button onPress={() => onChange(listing)}>{t.change}</Button>}
        {proposes && published && (
          <Button tone="warn" aria-expanded={asking === "withdraw"} onPress={() => toggle("withdraw")}>
            {t.withdraw}
          </Button>
        )}
        <Button tone="quiet" onPress={() => setOpen(!isOpen)}>
          {isOpen ? t.hideHistory : t.history}
        </Button>
      </p>
      {asking && <Reason key={asking} what={asking} onSubmit={(note) => void submit(asking, note)} />}
      {isOpen && <History id={listing.id} />}
    </li>
  );
}

/** Asks for the reason of an act, and acts. It takes the focus: whoever opened it writes next. */
function Reason({ what, onSubmit }: { what: Reasoned; onSubmit: (note: string) => void }) {
  const t = useDirectoryWords();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(field.current?.value.trim() ?? "");
  };
  return (
    <form className="reason" onSubmit={submit}>
      <label>
        {what === "decline" ? t.declineReason : t.withdrawReason}
        <input ref={field} name="note" maxLength={REASON_MAX} autoComplete="off" />
      </label>
      <Button type="submit" tone="warn">
        {what === "decline" ? t.decline : t.submit}
      </Button>
    </form>
  );
}

function EntryWords({ entry }: { entry: DirectoryEntry }) {
  const t = useDirectoryWords();
  const language = useLanguage();
  return (
    <p>
      {entry.label[language]} · {entry.region} · {entry.languages.map((spoken) => LANGUAGE_NAMES[spoken]).join(", ")}
      {entry.inbound_only && ` · ${t.inbound}`}
      {entry.hours && ` · ${entry.hours[language]}`}
    </p>
  );
}

function History({ id }: { id: string }) {
  const t = useDirectoryWords();
  const language = useLanguage();
  const lines = useQuery({ queryKey: [...DIRECTORY_KEY, id], queryFn: () => directoryApi.history(id) });
  return (
    <ol className="history">
      {lines.data?.map((line) => (
        <li key={`${line.at}-${line.step}`}>
          {shortTime(line.at, Date.now(), language)} · {line.by} · {t.steps[line.step]}
          {line.note && ` · ${line.note}`}
        </li>
      ))}
    </ol>
  );
}
