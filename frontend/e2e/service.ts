import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PROJECT = path.resolve(import.meta.dirname, "../..");
const LATCHKEY = process.env.LATCHKEY ?? path.join(PROJECT, ".venv/bin/latchkey");
const PYTHON = path.join(PROJECT, ".venv/bin/python");
const EXPORT = path.join(PROJECT, "frontend/out");
const START_TIMEOUT = 90_000; // milliseconds; the first start creates a database

/** Variables of the environment, by name. */
type Settings = Readonly<Record<string, string>>;

/** The real service with pages, on its own database and port. */
export class Service {
  private process: ChildProcess | null = null;

  private constructor(
    private readonly home: string,
    private readonly port: number,
    private readonly pages: string,
    private readonly settings: Settings,
  ) {}

  /** Starts a service with an empty database, and with the exported pages or others. */
  static async create(pages = EXPORT, settings: Settings = {}): Promise<Service> {
    if (!existsSync(path.join(pages, "404.html"))) throw new Error("no export: run `just web`");
    const home = await mkdtemp(path.join(tmpdir(), "latchkey-e2e-"));
    const service = new Service(home, await freePort(), pages, settings);
    await service.start();
    return service;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async start(): Promise<void> {
    const log = await open(path.join(this.home, "serve.log"), "a");
    this.process = spawn(LATCHKEY, ["serve"], {
      env: this.environment(),
      cwd: this.home, // so that a developer's .env is not read
      stdio: ["ignore", log.fd, log.fd],
    });
    await log.close();
    await this.ready(Date.now() + START_TIMEOUT);
  }

  /** Stops the service as an operator does. The database keeps its data. */
  async stop(): Promise<void> {
    const process = this.process;
    this.process = null;
    if (!process || process.exitCode !== null) return;
    const exited = once(process, "exit");
    process.kill("SIGTERM");
    await exited;
  }

  /** Holds back what the service would answer, while `action` runs. */
  async paused(action: () => Promise<void>): Promise<void> {
    const parent = this.process?.pid;
    const children = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8");
    const workers = children.trim().split(" ").map(Number);
    for (const pid of workers) process.kill(pid, "SIGSTOP");
    try {
      await action();
    } finally {
      for (const pid of workers) process.kill(pid, "SIGCONT");
    }
  }

  async destroy(): Promise<void> {
    await this.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  /** Runs a `latchkey` command and returns its output. */
  latchkey(args: string[], input = ""): Promise<string> {
    return this.run(LATCHKEY, args, input);
  }

  /** Deletes all sessions, as pruning does long after they have ended. */
  async forgetSessions(): Promise<void> {
    await this.run(PYTHON, [path.join(import.meta.dirname, "forget_sessions.py")], "");
  }

  private async run(program: string, args: string[], input: string): Promise<string> {
    const child = spawn(program, args, {
      env: this.environment(),
      cwd: this.home,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const printed: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => printed.push(part));
    child.stdin.end(input);
    const [status] = await once(child, "close");
    if (status !== 0) throw new Error(`${path.basename(program)} ${args[0]}: exit ${status}`);
    return Buffer.concat(printed).toString();
  }

  private environment(): NodeJS.ProcessEnv {
    const { PATH, HOME } = process.env;
    return {
      PATH,
      HOME,
      APP_ENV: "test", // like development, but with fast password hashes
      BCRYPT_ROUNDS: "4",
      MAIL_LIMIT_SOURCE: "off", // all people here have one address
      PORT: String(this.port),
      PUBLIC_URL: this.url, // links open pages of the same origin, and so of the same session
      LATCHKEY_HOME: this.home,
      FRONTEND_DIR: this.pages,
      NODE_ENV: "test",
      ...this.settings,
    };
  }

  private async ready(deadline: number): Promise<void> {
    while (!(await this.answers())) {
      if (Date.now() > deadline || this.process?.exitCode != null) {
        throw new Error(await readFile(path.join(this.home, "serve.log"), "utf8"));
      }
      await sleep(100);
    }
  }

  private async answers(): Promise<boolean> {
    const response = await fetch(`${this.url}/health/ready`).catch(() => null);
    return response?.ok ?? false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
