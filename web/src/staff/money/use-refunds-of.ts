// The refunds asked for in a contact, fetched again while any of them may change.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { operationApi } from "../../api/client.ts";
import { refreshOf } from "./signs.ts";

const keyOf = (contact: string) => ["refunds", contact];

export function useRefundsOf(contact: string) {
  return useQuery({
    queryKey: keyOf(contact),
    queryFn: () => operationApi.ofContact(contact),
    refetchInterval: ({ state }) => refreshOf((state.data ?? []).map((refund) => refund.state)),
  });
}

/** Has them fetched again now. */
export function useRefundsAgain(contact: string): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: keyOf(contact) });
}
