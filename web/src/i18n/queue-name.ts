// What a queue is called on a screen: its wallet and the service it stands for, where its id says so.

import type { Words } from "./zh-CN/words.ts";

/** `jinqiao-transactions` reads as wallet and service; an id of another shape as it is. */
export function queueName(id: string, words: Words): string {
  const cut = id.lastIndexOf("-");
  const services: Record<string, string> = { ...words.services, general: words.generalQueue };
  const service = cut > 0 ? services[id.slice(cut + 1)] : undefined;
  return service === undefined ? id : `${id.slice(0, cut)} · ${service}`;
}
