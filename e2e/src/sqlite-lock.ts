// Holds the lock under which one process at a time writes to a SQLite database (walIndex byte 120): every commit waits for it.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import type { Hotline } from "./hotline.ts";

const HOLD = "import fcntl,sys; f=open(sys.argv[1],'r+b'); fcntl.lockf(f,fcntl.LOCK_EX,1,120); print('held',flush=True); sys.stdin.read()";

export class SqliteLock {
  #holder: ChildProcessWithoutNullStreams;

  private constructor(holder: ChildProcessWithoutNullStreams) {
    this.#holder = holder;
  }

  static async take(hotline: Hotline): Promise<SqliteLock> {
    const holder = spawn("python3", ["-c", HOLD, join(hotline.folder, "data/walletline.db-shm")]);
    await new Promise((resolve, reject) => {
      holder.stdout.once("data", resolve);
      holder.once("exit", () => reject(new Error("the lock was not taken")));
    });
    return new SqliteLock(holder);
  }

  async release(): Promise<void> {
    const gone = new Promise((resolve) => this.#holder.once("exit", resolve));
    this.#holder.stdin.end();
    await gone;
  }
}
