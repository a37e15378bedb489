// The way between a page and the hotline's address: what is cut breaks without a word, as it does when a phone leaves its network.
// Audio goes past it.

import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export class Way {
  readonly origin: string;
  #server: Server;
  #sockets = new Set<Socket>();
  #open = true;
  /** Connections made since the start. */
  connections = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Leads to an origin on this machine. */
  static async to(origin: string): Promise<Way> {
    const port = Number(new URL(origin).port);
    const server = createServer((socket) => way.#lead(socket, port));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const way = new Way(server);
    return way;
  }

  /** Breaks every connection and lets no other one through. */
  cut(): void {
    this.#open = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.#open = true;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #lead(page: Socket, port: number): void {
    if (!this.#open) return void page.resetAndDestroy();
    this.connections += 1;
    const hotline = connect(port, "127.0.0.1");
    for (const [one, other] of [[page, hotline], [hotline, page]] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
