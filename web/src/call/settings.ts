// The servers that help this browser to reach ours, asked for anew for each call: their credentials run out.

import type { CallSettings } from "../api/types.ts";

/** A call must not wait longer for its settings than a person for an answer, milliseconds. */
const SETTINGS_MAX_MS = 2_000;

/** None when they cannot be had: most networks lead to the server without help. */
export async function iceServers(): Promise<RTCIceServer[]> {
  try {
    const response = await fetch("/api/public/call-settings", { signal: AbortSignal.timeout(SETTINGS_MAX_MS) });
    if (!response.ok) return [];
    const { ice_servers } = (await response.json()) as CallSettings;
    return ice_servers.map(({ urls, username, credential }) =>
      username && credential ? { urls, username, credential } : { urls },
    );
  } catch {
    return [];
  }
}
