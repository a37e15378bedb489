// Which screen the desk shows: the one-time link's, the log-in, the notice of another tab, or the desk itself.

import { useEffect, useState, useSyncExternalStore } from "react";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { live } from "../../live/desk-socket.ts";
import { Button } from "../../ui/button.tsx";
import { DirectoryPage } from "../admin/directory-page.tsx";
import { StaffPage } from "../admin/staff-page.tsx";
import { Desk } from "../agent/desk.tsx";
import { ApprovalsPage } from "../money/approvals-page.tsx";
import { ClocksPage } from "../supervisor/clocks-page.tsx";
import { ContactsPage } from "../supervisor/contacts-page.tsx";
import { LookUpsPage } from "../supervisor/look-ups-page.tsx";
import { Announcer } from "./announcer.tsx";
import { engine, tabLock } from "./calls.ts";
import { FrontPage } from "./front-page.tsx";
import { LogIn } from "./log-in.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { SecurityPage } from "./security-page.tsx";
import { useSession } from "./session.ts";
import { SetUpFirst } from "./set-up-factor.tsx";
import { Welcome } from "./welcome.tsx";

const WELCOME_PATH = /\/desk\/welcome\/?$/;
const CONTACTS_PATH = /^\/supervisor\/contacts\/?$/;
const STAFF_PATH = /^\/admin\/staff\/?$/;
const SECURITY_PATH = /^\/desk\/security\/?$/;
const APPROVALS_PATH = /^\/supervisor\/approvals\/?$/;
const CLOCKS_PATH = /^\/supervisor\/clocks\/?$/;
const LOOK_UPS_PATH = /^\/supervisor\/look-ups\/?$/;
const DIRECTORY_PATH = /^\/admin\/directory\/?$/;

export function App() {
  const t = useStaff();
  const w = useWords();
  const [isWelcome, setWelcome] = useState(() => WELCOME_PATH.test(location.pathname));
  const session = useSession();

  useEffect(() => {
    document.title = `${t.title} · ${w.product}`;
  }, [t, w]);

  const leaveWelcome = () => {
    history.replaceState(null, "", "/desk");
    setWelcome(false);
  };

  return (
    <>
      <Announcer />
      {isWelcome ? (
        <Welcome onDone={leaveWelcome} />
      ) : session.data?.missing === "second_factor" ? (
        <SecondFactor me={session.data} />
      ) : session.data?.missing === "enrolment" ? (
        <SetUpFirst onDone={() => void session.refetch()} />
      ) : session.data && SECURITY_PATH.test(location.pathname) ? (
        <SecurityPage me={session.data} />
      ) : session.data && STAFF_PATH.test(location.pathname) ? (
        <StaffPage me={session.data} />
      ) : session.data && APPROVALS_PATH.test(location.pathname) ? (
        <ApprovalsPage me={session.data} />
      ) : session.data && CLOCKS_PATH.test(location.pathname) ? (
        <ClocksPage me={session.data} />
      ) : session.data && LOOK_UPS_PATH.test(location.pathname) ? (
        <LookUpsPage me={session.data} />
      ) : session.data && DIRECTORY_PATH.test(location.pathname) ? (
        <DirectoryPage me={session.data} />
      ) : session.data && CONTACTS_PATH.test(location.pathname) ? (
        <ContactsPage me={session.data} />
      ) : session.data ? (
        <OneTab me={session.data.id} />
      ) : session.isError ? (
        <FrontPage heading={w.problems.unreachable}>
          <Button tone="accent" size="large" onPress={() => void session.refetch()}>
            {w.retry}
          </Button>
        </FrontPage>
      ) : session.isPending ? (
        <main className="front" aria-busy="true" aria-label={w.product} />
      ) : (
        <LogIn />
      )}
    </>
  );
}

/** The desk in one tab only; the others say so and offer to take over. */
function OneTab({ me }: { me: string }) {
  const t = useStaff();
  const tab = useSyncExternalStore(tabLock.subscribe, tabLock.state);

  useEffect(() => {
    tabLock.ask();
    return () => tabLock.leave();
  }, []);

  useEffect(() => {
    if (tab !== "holding") return;
    live.start();
    return () => {
      engine.abandon();
      live.stop();
    };
  }, [tab]);

  if (tab === "asking") return <main className="front" aria-busy="true" aria-label={t.title} />;
  if (tab === "elsewhere") {
    return (
      <FrontPage heading={t.otherTab.heading}>
        <p>{t.otherTab.text}</p>
        <p className="muted">{t.otherTab.warning}</p>
        <Button tone="accent" size="large" onPress={() => tabLock.takeOver()}>
          {t.otherTab.takeOver}
        </Button>
      </FrontPage>
    );
  }
  return <Desk key={me} />;
}
