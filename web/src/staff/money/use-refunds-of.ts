// The refunds asked for in a contact, fetched again while any of them may change.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { operationApi } from "../../api/client.ts";
import { refreshOf } from "./signs.ts";

const keyOf = (contactOrCase: string) => ["refunds", contactOrCase];

export function useRefundsOf(contact: string) {
  return useQuery({
    queryKey: keyOf(contact),
    queryFn: () => operationApi.ofContact(contact),
    refetchInterval: ({ state }) => refreshOf((state.data ?? []).map((refund) => refund.state)),
  });
}

/** The refunds that a case follows. Reading them goes on record: they are fetched again after an act alone. */
export function useRefundsNamed(reference: string) {
  return useQuery({ queryKey: keyOf(reference), queryFn: () => operationApi.named(reference) });
}

/** Has those of a contact, or of a case, fetched again now. */
export function useRefundsAgain(...of: string[]): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all(of.map((each) => queries.invalidateQueries({ queryKey: keyOf(each) })));
  };
}
