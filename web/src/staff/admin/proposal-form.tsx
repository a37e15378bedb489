// A proposal: a new address, or a change to what is published of one. Plain fields; the server says what cannot be.

import { type FormEvent, useState } from "react";
import { directoryApi } from "../../api/client.ts";
import type { AddressKind, Language, Listing } from "../../api/types.ts";
import { useDirectoryWords } from "../../i18n/use-directory.ts";
import { Button } from "../../ui/button.tsx";
import { useDirectoryAct } from "./directory-page.tsx";

const KINDS: AddressKind[] = ["phone", "short_code", "sms_sender", "app", "web", "mail", "social"];

type Props = { wallets: string[]; changing: Listing | null; onDone: () => void };

export function ProposalForm({ wallets, changing, onDone }: Props) {
  const t = useDirectoryWords();
  const { act, problem } = useDirectoryAct();
  const [kind, setKind] = useState<AddressKind>(changing?.address.kind ?? "phone");
  const [isSent, setSent] = useState(false);
  const entry = changing?.published;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const languages: Language[] = [
      ...(data.has("zh") ? ["zh-CN" as const] : []),
      ...(data.has("en") ? ["en" as const] : []),
    ];
    const hours = { "zh-CN": text("hoursZh"), en: text("hoursEn") };
    const address = changing?.address ?? {
      kind,
      value: text("value"),
      ...(kind === "social" ? { platform: text("platform") } : {}),
    };
    setSent(false);
    const done = await act(() =>
      directoryApi.propose({
        wallet: changing?.wallet ?? text("wallet"),
        note: text("note"),
        entry: {
          address,
          label: { "zh-CN": text("labelZh"), en: text("labelEn") },
          hours: hours["zh-CN"] || hours.en ? hours : null,
          languages,
          region: text("region"),
          inbound_only: data.has("inbound"),
        },
      }),
    );
    if (!done) return;
    form.reset();
    setSent(true);
    onDone();
  };

  return (
    <section aria-labelledby="propose">
      <h2 id="propose">{changing ? `${t.change}: ${changing.address.value}` : t.propose}</h2>
      <form className="proposal-form" onSubmit={(event) => void submit(event)}>
        {!changing && (
          <>
            <label>
              {t.fields.wallet}
              <select name="wallet">
                {wallets.map((wallet) => (
                  <option key={wallet}>{wallet}</option>
                ))}
              </select>
            </label>
            <label>
              {t.fields.kind}
              <select value={kind} onChange={(event) => setKind(event.target.value as AddressKind)}>
                {KINDS.map((known) => (
                  <option key={known} value={known}>
                    {t.kinds[known]}
                  </option>
                ))}
              </select>
            </label>
            <Field name="value" label={t.fields.value} required />
            {kind === "social" && <Field name="platform" label={t.fields.platform} required />}
          </>
        )}
        <Field name="labelZh" label={t.fields.labelZh} value={entry?.label["zh-CN"]} required />
        <Field name="labelEn" label={t.fields.labelEn} value={entry?.label.en} required />
        <Field name="hoursZh" label={t.fields.hoursZh} value={entry?.hours?.["zh-CN"]} />
        <Field name="hoursEn" label={t.fields.hoursEn} value={entry?.hours?.en} />
        <Field name="region" label={t.fields.region} value={entry?.region} required />
        <Tick name="zh" label={t.fields.speaksZh} isSet={entry?.languages.includes("zh-CN") ?? true} />
        <Tick name="en" label={t.fields.speaksEn} isSet={entry?.languages.includes("en") ?? true} />
        <Tick name="inbound" label={t.fields.inbound} isSet={entry?.inbound_only ?? false} />
        <Field name="note" label={t.fields.note} />
        {problem && <p role="alert">{problem}</p>}
        <p role="status">{isSent ? t.sent : ""}</p>
        <Button type="submit" tone="accent">
          {t.submit}
        </Button>
      </form>
    </section>
  );
}

type FieldProps = { name: string; label: string; value?: string | undefined; required?: boolean };

function Field({ name, label, value, required = false }: FieldProps) {
  return (
    <label>
      {label}
      <input name={name} defaultValue={value ?? ""} required={required} autoComplete="off" />
    </label>
  );
}

function Tick({ name, label, isSet }: { name: string; label: string; isSet: boolean }) {
  return (
    <label className="tick">
      <input type="checkbox" name={name} defaultChecked={isSet} /> {label}
    </label>
  );
}
