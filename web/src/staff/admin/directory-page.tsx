// The official directory as its keepers see it: what waits for a second person, what is listed, what strangers reported.
// Nothing here is optimistic: after every act the server is asked again.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { directoryApi } from "../../api/client.ts";
import { Problem } from "../../api/problem.ts";
import type { Listing, Me } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useDirectoryWords } from "../../i18n/use-directory.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Mark } from "../shell/front-page.tsx";
import { LanguageSwitch, ThemeSwitch } from "../shell/switches.tsx";
import { ListingCard } from "./listing-card.tsx";
import { ProposalForm } from "./proposal-form.tsx";
import { Reports } from "./reports.tsx";

export const DIRECTORY_KEY = ["directory"];

/** Who may see the directory with what waits in it; the server holds to the same. */
export function readsDirectory(role: Me["role"]): boolean {
  return role === "admin" || role === "checker" || role === "auditor";
}

/** Runs an act and asks the server again; what it refused is told in words. */
export function useDirectoryAct() {
  const t = useDirectoryWords();
  const w = useWords();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const act = async (what: () => Promise<unknown>): Promise<boolean> => {
    setProblem(null);
    try {
      await what();
      return true;
    } catch (error) {
      const known = error instanceof Problem ? error : null;
      setProblem(known?.directory ? t.problems[known.directory] : w.problems[known?.slug ?? "unavailable"]);
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey: DIRECTORY_KEY });
    }
  };
  return { act, problem };
}

export function DirectoryPage({ me }: { me: Me }) {
  const t = useDirectoryWords();
  const w = useWords();
  useEffect(() => {
    document.title = `${t.title} · ${w.product}`;
  }, [t, w]);
  return (
    <div className="directory">
      <header className="directory-top">
        <h1>
          <Mark /> {t.title}
        </h1>
        <a href="/official-numbers">{t.toPublic}</a>
        <a href="/desk">{t.toDesk}</a>
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main>{readsDirectory(me.role) ? <Directory me={me} /> : <p>{t.notYours}</p>}</main>
    </div>
  );
}

function Directory({ me }: { me: Me }) {
  const t = useDirectoryWords();
  const w = useWords();
  const language = useLanguage();
  const view = useQuery({ queryKey: DIRECTORY_KEY, queryFn: directoryApi.list });
  const [changing, setChanging] = useState<Listing | null>(null);
  if (view.isPending) return <p aria-busy="true">{t.title}</p>;
  if (view.isError) return <p role="alert">{w.problems.unavailable}</p>;
  const { edition, listings, wallets } = view.data;
  const waiting = listings.filter((listing) => listing.proposal !== null);
  return (
    <>
      {edition ? (
        <p>
          {t.edition(String(edition.version), shortTime(edition.expires_at, Date.now(), language))} · {t.key}{" "}
          <code>{edition.key}</code>
        </p>
      ) : (
        <p role="alert">{t.unsigned}</p>
      )}
      <section aria-labelledby="waiting">
        <h2 id="waiting">{t.waiting}</h2>
        {waiting.length === 0 && <p className="muted">{t.nothingWaits}</p>}
        <ul className="listings">
          {waiting.map((listing) => (
            <ListingCard key={listing.id} me={me} listing={listing} onChange={setChanging} />
          ))}
        </ul>
      </section>
      <Reports me={me} />
      {me.role === "admin" && (
        <ProposalForm
          key={changing?.id ?? "new"}
          wallets={wallets}
          changing={changing}
          onDone={() => setChanging(null)}
        />
      )}
      <section aria-labelledby="listed">
        <h2 id="listed">{t.listed}</h2>
        {listings.length === 0 && <p className="muted">{t.empty}</p>}
        <ul className="listings">
          {listings
            .filter((listing) => listing.proposal === null)
            .map((listing) => (
              <ListingCard key={listing.id} me={me} listing={listing} onChange={setChanging} />
            ))}
        </ul>
      </section>
    </>
  );
}
