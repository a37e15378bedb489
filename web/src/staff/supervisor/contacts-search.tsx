// What is asked about past contacts, as a form and as the server's query. Days are the reader's own, whole ones.

import { type FormEvent, useState } from "react";
import type { Service } from "../../api/types.ts";
import { useContactsWords } from "../../i18n/use-contacts.ts";
import { useWords } from "../../i18n/use-staff-words.ts";

/** How many contacts one search shows: more is an export, not a list. */
export const FOUND_MAX = 100;

export type ContactFilter = {
  from: string;
  to: string;
  agent: string;
  line: string;
  service: Service | "";
  recorded: boolean;
  held: boolean;
};

export const EMPTY_FILTER: ContactFilter = {
  from: "",
  to: "",
  agent: "",
  line: "",
  service: "",
  recorded: true,
  held: false,
};

/** A day as it begins here, `after` days later. */
function dayBegins(day: string, after = 0): string | null {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const begins = new Date(year, month - 1, date + after);
  return day === "" || Number.isNaN(begins.getTime()) ? null : begins.toISOString();
}

/** The filter as the server reads it; whatever is empty is not asked about. */
export function queryOf(filter: ContactFilter): string {
  const query = new URLSearchParams({ limit: String(FOUND_MAX) });
  const add = (key: string, value: string | null) => {
    if (value) query.set(key, value);
  };
  add("from", dayBegins(filter.from));
  add("to", dayBegins(filter.to, 1));
  add("agent", filter.agent.trim());
  add("line", filter.line.trim());
  add("service", filter.service);
  add("recorded", filter.recorded ? "true" : null);
  add("held", filter.held ? "true" : null);
  return query.toString();
}

export function SearchForm({ onFind }: { onFind: (filter: ContactFilter) => void }) {
  const t = useContactsWords();
  const w = useWords();
  const [filter, setFilter] = useState(EMPTY_FILTER);
  const change = (part: Partial<ContactFilter>) => setFilter({ ...filter, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFind(filter);
  };
  return (
    <search aria-label={t.search}>
      <form className="contacts-search" onSubmit={submit}>
        <label>
          {t.from}
          <input type="date" value={filter.from} onChange={(event) => change({ from: event.target.value })} />
        </label>
        <label>
          {t.to}
          <input type="date" value={filter.to} onChange={(event) => change({ to: event.target.value })} />
        </label>
        <label>
          {t.agent}
          <input
            inputMode="numeric"
            maxLength={8}
            value={filter.agent}
            onChange={(event) => change({ agent: event.target.value })}
          />
        </label>
        <label>
          {t.line}
          <input
            inputMode="tel"
            maxLength={16}
            value={filter.line}
            onChange={(event) => change({ line: event.target.value })}
          />
        </label>
        <label>
          {t.service}
          <select
            value={filter.service}
            onChange={(event) => change({ service: event.target.value as ContactFilter["service"] })}
          >
            <option value="">{t.anyService}</option>
            {(Object.keys(w.services) as Service[]).map((service) => (
              <option key={service} value={service}>
                {w.services[service]}
              </option>
            ))}
          </select>
        </label>
        <label className="contacts-flag">
          <input
            type="checkbox"
            checked={filter.recorded}
            onChange={(event) => change({ recorded: event.target.checked })}
          />
          {t.recorded}
        </label>
        <label className="contacts-flag">
          <input type="checkbox" checked={filter.held} onChange={(event) => change({ held: event.target.checked })} />
          {t.held}
        </label>
        <button type="submit" className="button button-accent">
          {t.find}
        </button>
      </form>
    </search>
  );
}
