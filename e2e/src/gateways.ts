// Other companies, played by software from the registry: a message centre that speaks SMPP, and a mail server with TLS and a log-in.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { until } from "./wait.ts";

// It has no types of its own; what is used of it is written here.
type Pdu = { command_status: number; response: (fields?: object) => Pdu; short_message: { message: string }; destination_addr: string; message_payload?: { message: string } };
type Session = { on: (event: string, handle: (pdu: Pdu) => void) => void; send: (pdu: Pdu) => void; deliver_sm: (fields: object, answered: (pdu: Pdu) => void) => void; close: () => void };
type Server = { listen: (port: number, host: string, listening: () => void) => void; close: (closed: () => void) => void; address: () => AddressInfo };
const smpp = createRequire(import.meta.url)("smpp") as { createServer: (handle: (session: Session) => void) => Server; ESME_ROK: number; ESME_RTHROTTLED: number; ESME_RBINDFAIL: number };

export const SMSC_PASSWORD = "centre1";
export const MAIL_PASSWORD = "what the mail server knows";

export type Certified = { authority: string; cert: string; key: string };
let certified: Certified | undefined;

/** A certificate for 127.0.0.1 with the authority that signed it, made once by each worker. */
export function certificate(): Certified {
  if (certified !== undefined) return certified;
  const folder = mkdtempSync(join(tmpdir(), "walletline-authority-"));
  const file = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => execFileSync("openssl", words, { stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-days", "2", "-subj", "/CN=authority of the tests", "-keyout", file("ca.key"), "-out", file("ca.pem"));
  openssl("req", ...key, "-subj", "/CN=127.0.0.1", "-keyout", file("key.pem"), "-out", file("leaf.csr"));
  writeFileSync(file("names"), "subjectAltName=IP:127.0.0.1\n");
  const sign = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-days", "2", "-extfile", file("names")];
  openssl("x509", "-req", "-in", file("leaf.csr"), ...sign, "-out", file("cert.pem"));
  certified = { authority: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem") };
  return certified;
}

/** A message centre. It has the phones receive what it is given, and says so afterwards. */
export class Smsc {
  readonly port: number;
  readonly messages: { id: string; to: string; text: string }[] = [];
  /** Answers of the receipts that were sent. */
  readonly acknowledged: number[] = [];
  /** Messages that are told to come later, one after the other. */
  throttled = 0;
  /** What receipts say; none are sent while it is null. */
  state: string | null = "DELIVRD";
  #server: Server;
  #sessions = new Set<Session>();
  #refused = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.port = server.address().port;
  }

  static async start(): Promise<Smsc> {
    let centre: Smsc | null = null;
    const server = smpp.createServer((session) => {
      if (centre !== null) centre.#serve(session);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    centre = new Smsc(server);
    return centre;
  }

  #serve(session: Session): void {
    this.#sessions.add(session);
    session.on("error", () => this.#sessions.delete(session));
    session.on("close", () => this.#sessions.delete(session));
    session.on("bind_transceiver", (pdu) => {
      const { password } = pdu as unknown as { password: string };
      session.send(pdu.response({ command_status: password === SMSC_PASSWORD ? smpp.ESME_ROK : smpp.ESME_RBINDFAIL }));
    });
    session.on("enquire_link", (pdu) => session.send(pdu.response()));
    session.on("unbind", (pdu) => {
      session.send(pdu.response());
      session.close();
    });
    session.on("submit_sm", (pdu) => this.#submit(session, pdu));
  }

  #submit(session: Session, pdu: Pdu): void {
    if (this.throttled > this.#refused) {
      this.#refused += 1;
      session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
      return;
    }
    const id = `m${this.messages.length + 1}`;
    const text = pdu.short_message.message || (pdu.message_payload?.message ?? "");
    this.messages.push({ id, to: `+${pdu.destination_addr}`, text });
    session.send(pdu.response({ message_id: id }));
    if (this.state === null) return;
    const words = `id:${id} sub:001 dlvrd:001 submit date:2611280000 done date:2611280000 stat:${this.state} err:000 text:`;
    session.deliver_sm({ esm_class: 4, short_message: words }, (answer) => this.acknowledged.push(answer.command_status));
  }

  /** The connection breaks. */
  drop(): void {
    for (const session of this.#sessions) session.close();
  }

  untilMessage(to: string, wanted: RegExp): Promise<{ id: string; to: string; text: string }> {
    const found = () => this.messages.find((each) => each.to === to && wanted.test(each.text)) ?? null;
    return until(`the centre is given ${wanted}`, found, 30, () => `but ${this.messages.length} others`);
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}

/** A mail server: STARTTLS, then a log-in, then mails. */
export class Mailbox {
  readonly port: number;
  readonly mails: { to: string[]; secure: boolean; raw: string }[] = [];
  /** Mails that are told to come later, one after the other. */
  busy = 0;
  #server: SMTPServer;

  private constructor(server: SMTPServer) {
    this.#server = server;
    this.port = (server.server.address() as AddressInfo).port;
  }

  static async start(certificate: { cert: string; key: string }): Promise<Mailbox> {
    let mailbox: Mailbox | null = null;
    const server = new SMTPServer({
      key: readFileSync(certificate.key),
      cert: readFileSync(certificate.cert),
      onAuth: ({ username, password }, _session, answer) =>
        username === "care" && password === MAIL_PASSWORD ? answer(null, { user: username }) : answer(new Error("no")),
      onRcptTo: (_address, _session, answer) => {
        if (mailbox === null || mailbox.busy === 0) return answer();
        mailbox.busy -= 1;
        return answer(Object.assign(new Error("later"), { responseCode: 451 }));
      },
      onData: (stream, session, answer) => {
        let raw = "";
        stream.on("data", (chunk: Buffer) => {
          raw += chunk.toString("utf8");
        });
        stream.on("end", () => {
          mailbox?.mails.push({ to: session.envelope.rcptTo.map((each) => each.address), secure: session.secure, raw });
          answer();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    mailbox = new Mailbox(server);
    return mailbox;
  }

  untilMail(wanted: (mail: { to: string[]; secure: boolean; raw: string }) => boolean): Promise<{ to: string[]; secure: boolean; raw: string }> {
    return until("a mail arrives", () => this.mails.find(wanted) ?? null, 40, () => `but ${this.mails.length} others`);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
