// Past contacts for whoever leads or checks: found by day, agent, line, service and recording, with the record and its recording beside
// the list. What may be found is the server's to say; every search is on record, so nothing is asked for before somebody asks.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../../api/client.ts";
import type { Contact, Me } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useContactsWords } from "../../i18n/use-contacts.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Tag } from "../../ui/tag.tsx";
import { PastContact } from "../agent/past-contact.tsx";
import { Mark } from "../shell/front-page.tsx";
import { LanguageSwitch, ThemeSwitch } from "../shell/switches.tsx";
import "./contacts.css";
import { type ContactFilter, FOUND_MAX, queryOf, SearchForm } from "./contacts-search.tsx";

/** Who may look for the contacts of others; the server holds to the same. */
export function findsContacts(role: Me["role"]): boolean {
  return role === "supervisor" || role === "auditor" || role === "compliance";
}

export function ContactsPage({ me }: { me: Me }) {
  const t = useContactsWords();
  const w = useWords();
  useEffect(() => {
    document.title = `${t.title} · ${w.product}`;
  }, [t, w]);
  return (
    <div className="directory contacts">
      <header className="directory-top">
        <h1>
          <Mark /> {t.title}
        </h1>
        <a href="/desk">{t.toDesk}</a>
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main>{findsContacts(me.role) ? <Contacts me={me} /> : <p>{t.notYours}</p>}</main>
    </div>
  );
}

function Contacts({ me }: { me: Me }) {
  const t = useContactsWords();
  const [filter, setFilter] = useState<ContactFilter | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const query = filter === null ? null : queryOf(filter);
  const found = useQuery({
    queryKey: ["contacts-found", query],
    queryFn: () => api.findContacts(query ?? ""),
    enabled: query !== null,
  });
  const find = (asked: ContactFilter) => {
    setSelected(null);
    setFilter(asked);
  };
  return (
    <>
      <SearchForm onFind={find} />
      <p className="muted small">{t.onRecord}</p>
      {found.isError && <p role="alert">{t.failed}</p>}
      <div aria-live="polite">
        {found.data && (
          <p>
            {found.data.length === 0 && t.none}
            {found.data.length > 0 && found.data.length < FOUND_MAX && t.found(String(found.data.length))}
            {found.data.length >= FOUND_MAX && t.most(String(FOUND_MAX))}
          </p>
        )}
      </div>
      {found.data && found.data.length > 0 && (
        <Found contacts={found.data} selected={selected} onSelect={setSelected} />
      )}
      {selected !== null && (
        <section className="contacts-record">
          <PastContact
            key={selected}
            contact={selected}
            mayHold={me.role === "compliance"}
            onClose={() => setSelected(null)}
          />
        </section>
      )}
    </>
  );
}

type FoundProps = { contacts: Contact[]; selected: string | null; onSelect: (contact: string) => void };

function Found({ contacts, selected, onSelect }: FoundProps) {
  const t = useContactsWords();
  const w = useWords();
  const language = useLanguage();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className="contacts-found" aria-label={t.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.when}</th>
            <th scope="col">{t.caller}</th>
            <th scope="col">{t.line}</th>
            <th scope="col">{t.service}</th>
            <th scope="col">{t.agents}</th>
            <th scope="col">{t.recording}</th>
          </tr>
        </thead>
        <tbody>
          {contacts.map((contact) => {
            const when = shortTime(contact.opened_at, Date.now(), language);
            const caller = contact.caller || t.withheld;
            return (
              <tr key={contact.id} data-selected={contact.id === selected}>
                <th scope="row">
                  <button
                    type="button"
                    className="contacts-open"
                    aria-pressed={contact.id === selected}
                    aria-label={t.open(caller, when)}
                    onClick={() => onSelect(contact.id)}
                  >
                    <time dateTime={contact.opened_at}>{when}</time>
                  </button>
                </th>
                <td className="figures">{caller}</td>
                <td className="figures">{contact.line}</td>
                <td>{contact.service ? w.services[contact.service] : "–"}</td>
                <td className="figures">{contact.agents.map((agent) => agent.number).join(", ") || "–"}</td>
                <td>
                  {contact.on_hold ? (
                    <Tag tone="warn" icon="lock" text={t.onHold} />
                  ) : contact.recording ? (
                    t.hasRecording
                  ) : (
                    <span className="muted">{t.noRecording}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
