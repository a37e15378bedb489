// Who is logged in, as one query of the page. Logging out lets go of the call, the live connection and what this
// browser kept of the agent's work.

import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import type { Me } from "../../api/types.ts";
import { engine } from "./calls.ts";
import { presenceKeeper } from "./work.ts";

const KEY = ["session"];

export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: api.session, staleTime: Number.POSITIVE_INFINITY, retry: 2 });
}

/** Makes `me` the one who is logged in. */
export function useEnter(): (me: Me) => void {
  const client = useQueryClient();
  return (me) => client.setQueryData(KEY, me);
}

/** Asks the server again whether the session still stands. */
export function checkSession(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: KEY });
}

/** Asks who is logged in, once more, and waits for the answer. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: KEY });
}

export function useLeave(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    engine.abandon();
    presenceKeeper.forget();
    await api.logOut();
    // The session's own entry stays: the screens watch it.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
    client.setQueryData(KEY, null);
  };
}
