// A customer's phone for demonstrations: who I am, which line I dial, the call, what I own and what I was sent. One
// person can play both sides: this page in one tab, the desk in another.

import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { demoApi } from "../../api/client.ts";
import type { DemoCustomer, DemoLine, DialFromPhone } from "../../api/types.ts";
import { openMicrophone } from "../../call/devices.ts";
import { Dialler, type SocketLike } from "../../call/dialler.ts";
import { openPeer } from "../../call/peer.ts";
import { iceServers } from "../../call/settings.ts";
import { phoneNumber } from "../../i18n/format.ts";
import { usePhone } from "../../i18n/use-phone.ts";
import { useWords } from "../../i18n/use-words.ts";
import { ChoiceCards } from "../../ui-lite/choice-cards.tsx";
import { Preferences } from "../../ui-lite/preferences.tsx";
import { type DemoDial, Handset } from "./handset.tsx";
import { Help } from "./help.tsx";
import { Messages } from "./messages.tsx";
import { poll } from "./poll.ts";
import { Transactions } from "./transactions.tsx";
import { accountState, WalletState } from "./wallet-state.tsx";

// What is beside the phone itself comes after it: one can dial before it is there.
const WalletApp = lazy(async () => ({ default: (await import("./wallet-app.tsx")).WalletApp }));
const DemoControls = lazy(async () => ({ default: (await import("./demo-controls.tsx")).DemoControls }));
const Approvals = lazy(async () => ({ default: (await import("./approvals.tsx")).Approvals }));

const dialler = new Dialler<DemoDial>({
  microphone: openMicrophone,
  peer: openPeer,
  iceServers,
  connect: () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    return new WebSocket(`${scheme}//${location.host}/demo/api/call`) as SocketLike;
  },
  order: (to, sdp): DialFromPhone => ({ type: "dial", ...to, sdp }),
  now_ms: () => Date.now(),
});

/** Milliseconds between looks at the wallets. */
const REFRESH_MS = 2_000;

type World = { customers: DemoCustomer[]; lines: DemoLine[] };

export function DemoPhone() {
  const t = usePhone();
  const w = useWords();
  const [world, setWorld] = useState<World | "failed" | null>(null);
  const [msisdn, setMsisdn] = useState<string | null>(null);
  const [line, setLine] = useState<string | null>(null);
  const [isStale, setStale] = useState(false);
  const call = useSyncExternalStore(dialler.subscribe, dialler.state);
  const isInCall = call.call !== "idle";

  useEffect(() => {
    document.title = `${t.title} · ${w.product}`;
  }, [t, w]);

  const load = async () => {
    setWorld(null);
    try {
      const [customers, lines] = await Promise.all([demoApi.customers(), demoApi.lines()]);
      setWorld({ customers, lines });
      setMsisdn(customers[0]?.msisdn ?? null);
      setLine(lines[0]?.number ?? null);
    } catch {
      setWorld("failed");
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(() => void load(), []);

  // What the hotline or a control does to an account shows while it happens.
  const isLoaded = world !== null && world !== "failed";
  useEffect(() => {
    if (!isLoaded) return;
    return poll(async () => {
      try {
        const customers = await demoApi.customers();
        setWorld((known) => (known && known !== "failed" ? { ...known, customers } : known));
        setStale(false);
      } catch {
        setStale(true);
      }
    }, REFRESH_MS);
  }, [isLoaded]);

  useEffect(() => {
    if (!isInCall) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [isInCall]);

  const known = world !== null && world !== "failed" ? world : null;
  const customer = known?.customers.find((candidate) => candidate.msisdn === msisdn) ?? null;

  const wallet = known?.lines.find(({ number }) => number === line)?.wallet;

  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t.title}</h1>
          <p className="muted">
            {t.lead} <span className="badge">{t.demoOnly}</span>
          </p>
        </div>
        <Preferences />
      </header>
      {world === null && (
        <p className="state" role="status">
          {t.loading}
        </p>
      )}
      {world === "failed" && (
        <p className="state" role="alert">
          {t.failed}{" "}
          <button type="button" className="plain" onClick={() => void load()}>
            {w.retry}
          </button>
        </p>
      )}
      {known && (
        <main className="columns">
          <section className="panel who">
            <ChoiceCards
              legend={t.customer.heading}
              name="customer"
              choices={known.customers}
              idOf={(candidate) => candidate.msisdn}
              chosen={msisdn}
              onChoose={setMsisdn}
              isDisabled={isInCall}
            >
              {(candidate) => <CustomerCard customer={candidate} />}
            </ChoiceCards>
          </section>
          <Handset dialler={dialler} lines={known.lines} line={line} onLine={setLine} msisdn={msisdn} />
          <div className="papers">
            <Suspense fallback={null}>
              {msisdn !== null && <Approvals key={msisdn} msisdn={msisdn} />}
              {msisdn !== null && wallet !== undefined && <WalletApp wallet={wallet} msisdn={msisdn} />}
            </Suspense>
            {msisdn !== null && <Messages msisdn={msisdn} />}
            {customer && <WalletState customer={customer} isStale={isStale} />}
            {customer && <Transactions customer={customer} />}
          </div>
          <div className="guide">
            <Help />
            <Suspense fallback={null}>
              <DemoControls />
            </Suspense>
          </div>
        </main>
      )}
    </div>
  );
}

function CustomerCard({ customer }: { customer: DemoCustomer }) {
  const t = usePhone();
  const { isOpen, text } = accountState(customer, t);
  return (
    <span className="customer">
      <strong>{customer.name}</strong>
      <span className="muted">{phoneNumber(customer.msisdn)}</span>
      <span className="muted">
        {customer.account} · <span className={isOpen ? "status-ok" : "status-bad"}>{text}</span>
      </span>
    </span>
  );
}
