// A PostgreSQL of our own for one test, from Debian's package. It lives as long as its standard input is open, so that a test that is
// killed leaves none behind. It can be made to stop answering, which is worse than being gone.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./wait.ts";

const VERSIONS = "/usr/lib/postgresql";

const KEEPER = `
trap '' HUP INT TERM
dir=$(mktemp -d "\${TMPDIR:-/tmp}/walletline-pg.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
"$1/initdb" -D "$dir/data" -U walletline -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
"$1/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off >>"$dir/log" 2>&1 &
server=$!
echo "$dir $server"
cat >/dev/null
kill -CONT "$server"
kill -INT "$server"
wait "$server"
`;

/** PostgreSQL refuses to run as root: Debian's package made it a user. */
function asServerUser(words: string[]): [string, string[]] {
  return process.getuid?.() === 0 ? ["runuser", ["-u", "postgres", "--", ...words]] : ["env", words];
}

export class Postgres {
  readonly url: string;
  #keeper: ChildProcess;
  #server: number;

  private constructor(keeper: ChildProcess, folder: string, server: number) {
    [this.#keeper, this.#server] = [keeper, server];
    this.url = `postgres://walletline@localhost/postgres?host=${encodeURIComponent(folder)}`;
  }

  static async start(): Promise<Postgres> {
    const version = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(a) - Number(b)).at(-1) : undefined;
    if (version === undefined) throw new Error("no PostgreSQL on this machine: script/test installs it");
    const bin = join(VERSIONS, version, "bin");
    const [program, words] = asServerUser(["/bin/sh", "-c", KEEPER, "sh", bin]);
    const keeper = spawn(program, words, { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve, reject) => {
      keeper.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
      keeper.once("exit", () => reject(new Error("PostgreSQL did not start: see what initdb said above")));
    });
    const [folder = "", server = ""] = line.trim().split(" ");
    const answers = () => {
      try {
        const [psql, query] = asServerUser([join(bin, "psql"), "-h", folder, "-U", "walletline", "-d", "postgres", "-c", "SELECT 1"]);
        execFileSync(psql, query, { cwd: "/", stdio: "ignore" });
        return true;
      } catch {
        return false;
      }
    };
    await until("PostgreSQL answers", answers, 60);
    return new Postgres(keeper, folder, Number(server));
  }

  /** Halts every process of the server, the first one first: connections stand, and nothing answers. */
  halt(): void {
    for (const pid of this.#processes()) process.kill(pid, "SIGSTOP");
  }

  goOn(): void {
    for (const pid of this.#processes()) process.kill(pid, "SIGCONT");
  }

  #processes(): number[] {
    const children = readFileSync(`/proc/${this.#server}/task/${this.#server}/children`, "utf8").trim().split(" ");
    return [this.#server, ...children.filter(Boolean).map(Number)];
  }

  async stop(): Promise<void> {
    this.goOn();
    this.#keeper.stdin?.end();
    await new Promise((resolve) => this.#keeper.once("exit", resolve));
  }
}
