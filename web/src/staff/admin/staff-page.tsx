// Staff as an admin sees to them: what everybody was examined in and until when it counts, and whether they have a second factor. Nothing
// is optimistic: after every act the server is asked again.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { staffApi } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { Certificate, CertificateKind, Me, StaffMember } from "../../api/types.ts";
import { day } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useMembersWords } from "../../i18n/use-members.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useConfirmation } from "../shell/confirmation.tsx";
import { Mark } from "../shell/front-page.tsx";
import { LanguageSwitch, ThemeSwitch } from "../shell/switches.tsx";

const STAFF_KEY = ["staff"];

const KINDS: CertificateKind[] = [
  "privacy",
  "social-engineering",
  "identity-verification",
  "refund-maker",
  "refund-checker",
  "complaints",
];

/** What passes; the server holds to the same. */
const SCORE_MIN = 80;

/** Who may read this page; the server holds to the same. */
export function readsStaff(role: Me["role"]): boolean {
  return role === "admin" || role === "auditor" || role === "compliance";
}

export function StaffPage({ me }: { me: Me }) {
  const t = useMembersWords();
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
        <a href="/desk">{t.toDesk}</a>
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main>{readsStaff(me.role) ? <Staff me={me} /> : <p>{t.notYours}</p>}</main>
    </div>
  );
}

function Staff({ me }: { me: Me }) {
  const t = useMembersWords();
  const w = useWords();
  const queries = useQueryClient();
  const { run, dialog } = useConfirmation();
  const [told, setTold] = useState("");
  const staff = useQuery({ queryKey: STAFF_KEY, queryFn: staffApi.list });

  const act = async (what: () => Promise<unknown>) => {
    setTold("");
    try {
      await run(what);
      setTold(t.done);
    } catch (error) {
      setTold(w.problems[slugOfError(error)]);
    }
    await queries.invalidateQueries({ queryKey: STAFF_KEY });
  };

  if (staff.isPending) return <p aria-busy="true">{t.title}</p>;
  if (staff.isError) return <p role="alert">{w.problems.unavailable}</p>;
  return (
    <>
      <p role="status">{told}</p>
      <ul className="listings">
        {staff.data.map((member) => (
          <Member key={member.id} me={me} member={member} act={act} />
        ))}
      </ul>
      {dialog}
    </>
  );
}

type Act = (what: () => Promise<unknown>) => Promise<void>;

function Member({ me, member, act }: { me: Me; member: StaffMember; act: Act }) {
  const t = useMembersWords();
  const mayChange = me.role === "admin" && me.id !== member.id;
  return (
    <li className="listing">
      <h2>
        {member.user} · {t.number} {member.number} · {t.roles[member.role]}
      </h2>
      <p className="listing-acts">
        {t.secondFactor}:{" "}
        <Tag
          tone={member.second_factor ? "ok" : "quiet"}
          icon="shield"
          text={member.second_factor ? t.enrolled : t.notEnrolled}
        />
        {mayChange && member.second_factor && (
          <Button label={t.resetOf(member.user)} onPress={() => void act(() => staffApi.resetFactor(member.id))}>
            {t.reset}
          </Button>
        )}
      </p>
      {member.certificates.length === 0 && <p className="muted">{t.none}</p>}
      <ul className="certificates">
        {member.certificates.map((certificate) => (
          <li key={certificate.kind} className="listing-acts">
            <span>
              {t.kinds[certificate.kind]} · {t.score(certificate.score)}
            </span>
            <Standing certificate={certificate} />
            {mayChange && certificate.valid && (
              <Button
                label={t.revokeOf(t.kinds[certificate.kind], member.user)}
                onPress={() => void act(() => staffApi.revoke(member.id, certificate.kind))}
              >
                {t.revoke}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayChange && <Grant member={member} act={act} />}
    </li>
  );
}

function Standing({ certificate }: { certificate: Certificate }) {
  const t = useMembersWords();
  const language = useLanguage();
  if (certificate.revoked_at) {
    return <Tag tone="bad" icon="warning" text={t.revoked(day(certificate.revoked_at, language))} />;
  }
  const until = day(certificate.expires_at, language);
  return certificate.valid ? (
    <Tag tone="ok" icon="check" text={t.valid(until)} />
  ) : (
    <Tag tone="warn" icon="clock" text={t.over(until)} />
  );
}

function Grant({ member, act }: { member: StaffMember; act: Act }) {
  const t = useMembersWords();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const kind = KINDS.find((known) => known === data.get("kind"));
    const until = new Date(`${String(data.get("until"))}T00:00:00`);
    if (!kind || Number.isNaN(until.valueOf())) return;
    const score = Number(data.get("score"));
    void act(() => staffApi.grant(member.id, kind, { score, expires_at: until.toISOString() }));
  };
  return (
    <details>
      <summary>{t.grantTo(member.user)}</summary>
      <form className="proposal-form" onSubmit={submit}>
        <label>
          {t.kind}
          <select name="kind">
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t.kinds[kind]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.points}
          <input name="score" type="number" min={SCORE_MIN} max={100} required />
        </label>
        <label>
          {t.expires}
          <input name="until" type="date" required />
        </label>
        <Button type="submit" tone="accent">
          {t.submit}
        </Button>
      </form>
    </details>
  );
}
