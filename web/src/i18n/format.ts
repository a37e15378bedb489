// Figures, times and durations as readers expect them, by the platform's own Intl. Times are shown in the reader's zone.

import type { Language } from "../api/types.ts";

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${language} ${key}`;
  let found = cache.get(id);
  if (!found) {
    found = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options);
    cache.set(id, found);
  }
  return found;
}

/** 14:02:09 */
export function clockTime(at: string | number, language: Language): string {
  const options: Intl.DateTimeFormatOptions = {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  };
  return formatter(language, "clock", options).format(new Date(at));
}

/** 14:02 today, with the day in front otherwise. */
export function shortTime(at: string | number, now_ms: number, language: Language): string {
  const date = new Date(at);
  const sameDay = date.toDateString() === new Date(now_ms).toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const day: Intl.DateTimeFormatOptions = { month: "short", day: "numeric" };
  return formatter(language, sameDay ? "time" : "day", sameDay ? time : { ...day, ...time }).format(date);
}

/** 2 May 2027: of days that may lie years away. */
export function day(at: string | number, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { year: "numeric", month: "short", day: "numeric" };
  return formatter(language, "year", options).format(new Date(at));
}

/** 0:07, 12:30, 1:02:03. Never negative. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/**
 * An identifier in the groups in which the hotline reads it out: letters apart from digits, then threes and fours.
 * R 123 456 789; 1234 5678 9012.
 */
export function grouped(id: string): string {
  const [, letters = "", digits = id] = /^([A-Za-z]+)(\d+)$/.exec(id) ?? [];
  let threes = Math.min((4 - (digits.length % 4)) % 4, Math.floor(digits.length / 3));
  const parts = letters === "" ? [] : [letters];
  let rest = digits;
  while (rest.length > 4 || (threes > 0 && rest.length > 3)) {
    const size = threes > 0 ? 3 : 4;
    threes -= 1;
    parts.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return [...parts, rest].join(" ");
}

/** An E.164 number as people of its country group it; others as they are. */
export function phoneNumber(e164: string): string {
  return e164.replace(/^\+86(\d{3})(\d{4})(\d{4})$/, "+86 $1 $2 $3").replace(/^\+44(\d{4})(\d{6})$/, "+44 $1 $2");
}

/** An amount with its currency, from the exact decimal string: never through floating point. */
export function money(amount: string, currency: string, language: Language): string {
  const [whole = "0", fraction] = amount.split(".");
  const grouping = new Intl.NumberFormat(language === "en" ? "en-GB" : language).format(BigInt(whole));
  return `${currency} ${grouping}${fraction === undefined ? "" : `.${fraction}`}`;
}
