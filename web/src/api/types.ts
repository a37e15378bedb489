// Everything that travels between this UI and the server, in one place. Ids are opaque strings; times are RFC 3339 UTC.
// It describes the wire and nothing else: no defaults, no parsing, no behaviour.

export type Language = "zh-CN" | "en";
export type Role = "agent" | "checker" | "handler" | "supervisor" | "auditor" | "admin";
export type Service = "account" | "transactions" | "security" | "refunds" | "features" | "freeze";
export type Level = "A0" | "A1";
export type Channel = "voice" | "web_call";

export type Me = {
  id: string;
  user: string;
  number: string;
  role: Role;
  languages: Language[];
  skills: string[];
};

export type PresenceState = "logged_out" | "not_ready" | "ready" | "ringing" | "talking" | "wrap_up" | "not_responding";
export type NotReadyReason = "break" | "meal" | "training" | "meeting" | "coaching" | "system";
export type Presence = { state: PresenceState; reason?: NotReadyReason | null };

export type AgentView = {
  id: string;
  number: string;
  state: PresenceState;
  reason?: NotReadyReason | null;
  since: string;
  phone: boolean;
};

export type QueueView = { id: string; waiting: number; oldest_at?: string | null };

export type ContactView = {
  id: string;
  agent?: string | null;
  wallet: string;
  line: string;
  channel: Channel;
  caller: string;
  language?: Language | null;
  service?: Service | null;
  path: string[];
  queue: string;
  priority: number;
  level: Level;
  queued_at: string;
  connected_at?: string | null;
  ended_at?: string | null;
};

export type OfferView = { id: string; agent: string; contact: ContactView; expires_at: string };

export type Snapshot = {
  agents: Record<string, AgentView>;
  queues: Record<string, QueueView>;
  offers: Record<string, OfferView>;
  contacts: Record<string, ContactView>;
};

export type OfferOutcome = "accepted" | "missed" | "declined" | "withdrawn";

export type LiveEvent =
  | { kind: "agent_changed"; agent: AgentView }
  | { kind: "queue_changed"; queue: QueueView }
  | { kind: "offer_made"; offer: OfferView }
  | { kind: "offer_ended"; offer: string; agent: string; outcome: OfferOutcome }
  | { kind: "contact_changed"; contact: ContactView }
  | { kind: "contact_gone"; contact: string; agent: string };

export type LiveFromServer =
  | { type: "snapshot"; seq: number; state: Snapshot; me: Me; server_time: string }
  | { type: "event"; seq: number; event: LiveEvent }
  | { type: "rtc.answer"; leg: string; sdp: string }
  | { type: "rtc.ended"; leg: string }
  | { type: "pong" };

export type LiveFromDesk = { type: "heartbeat" } | { type: "resync" } | { type: "rtc.offer"; leg: string; sdp: string };

export type Disposition =
  | "resolved"
  | "pending_within_window"
  | "dispute_opened"
  | "account_frozen"
  | "account_unlocked"
  | "refund_requested"
  | "complaint"
  | "info_only"
  | "callback_booked"
  | "verification_failed"
  | "suspected_fraud"
  | "transferred"
  | "dropped"
  | "wrong_number"
  | "abandoned"
  | "short_abandon"
  | "queue_timeout";

export type Leg = {
  direction: "inbound" | "outbound";
  codec: string;
  encryption: string;
  packets: number;
  lost: number;
  jitter_ms: number;
};

export type Contact = {
  id: string;
  line: string;
  wallet: string;
  channel: Channel;
  caller: string;
  language: Language | null;
  service: Service | null;
  level: Level;
  risk: string[];
  opened_at: string;
  answered_at: string | null;
  queued_at: string | null;
  connected_at: string | null;
  ended_at: string | null;
  agents: { id: string; number: string }[];
  disposition: Disposition | null;
  case: string | null;
  legs: Leg[];
  recording: string | null;
};

/** One line of a contact's timeline; the fields beyond `at`, `kind` and `text` depend on the kind. */
export type TimelineEntry = {
  at: string;
  kind: string;
  text: string;
  asset?: string;
  language?: Language;
  words?: string;
  interrupted_by?: string | null;
  digits?: string;
  queue?: string;
  position?: number;
  number?: string;
  outcome?: OfferOutcome;
  by?: string;
  disposition?: Disposition | null;
  code?: Disposition;
};

export type Accepted = { contact: string; leg: string };
export type Note = { text: string };
export type WrapUp = { code: Disposition; note?: string; at?: string };

export type DemoTransaction = { id: string; type: string; status: string; amount: string; currency: string };
export type DemoCustomer = {
  name: string;
  msisdn: string;
  account: string;
  status: string;
  sub_status: string;
  totp_secret?: string | null;
  transactions: DemoTransaction[];
};
export type DemoLine = {
  number: string;
  wallet: string;
  wallet_name: Record<Language, string>;
  languages: Language[];
};
export type DemoMessage = { channel: "sms" | "mail" | "push"; to: string; text: string; at: string };

export type DialEnd = "hung_up" | "busy" | "unknown_line" | "overloaded" | "failed";
export type DialFromServer = { type: "answer"; sdp: string } | { type: "ended"; cause: DialEnd };
export type DialFromPhone = { type: "dial"; line: string; msisdn: string; sdp: string } | { type: "hangup" };
