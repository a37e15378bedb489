// The live regions themselves. They stay in the page from the first render on: a region that appears together with its
// text is not read.

import { useSyncExternalStore } from "react";
import { announcements } from "./announce.ts";

export function Announcer() {
  const polite = useSyncExternalStore(announcements.subscribe, announcements.polite);
  const assertive = useSyncExternalStore(announcements.subscribe, announcements.assertive);
  // The attribute keeps the regions alive while an open dialog hides the rest of the page.
  return (
    <div className="visually-hidden" data-live-announcer="true">
      <div aria-live="polite">
        <span key={polite.turn}>{polite.text}</span>
      </div>
      <div aria-live="assertive" data-announcer="assertive">
        <span key={assertive.turn}>{assertive.text}</span>
      </div>
    </div>
  );
}
