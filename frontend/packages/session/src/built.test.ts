import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";

const PACKAGE = path.resolve(import.meta.dirname, "..");
const COMPILER = path.resolve(PACKAGE, "../../node_modules/typescript/bin/tsc");
const LIMIT = 5_000; // bytes

const CONSUMER = `
import { HttpProblem, isFailure, Session, type State } from "latchkey-session";

const session = new Session({ origins: ["https://orders.example.com"] });
const phase: State["phase"] = session.state.phase;
const name: string | null = session.state.phase === "signedIn" ? session.state.user.name : null;
session.fetch("/api/orders").catch((error: unknown) => {
  if (isFailure(error) && error instanceof HttpProblem) console.log(error.code, phase, name);
});
// @ts-expect-error: credentials are an object
session.signIn("ada@example.com", "correct horse");
`;

let directory = "";
let installed = "";

/** Installs the built package for somebody else, as `npm install` does. */
test.beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "latchkey-session-"));
  installed = path.join(directory, "node_modules/latchkey-session");
  mkdirSync(installed, { recursive: true });
  cpSync(path.join(PACKAGE, "package.json"), path.join(installed, "package.json"));
  compile("--project", PACKAGE, "--outDir", path.join(installed, "dist"));
});

test.afterAll(() => rmSync(directory, { recursive: true }));

function compile(...options: string[]): void {
  execFileSync(process.execPath, [COMPILER, ...options], { cwd: directory, stdio: "pipe" });
}

function scripts(): string[] {
  const names = readdirSync(path.join(installed, "dist")).filter((name) => name.endsWith(".js"));
  return names.map((name) => readFileSync(path.join(installed, "dist", name), "utf8"));
}

test("the package is less than 5 kB, compressed and before it is minified", () => {
  const size = gzipSync(scripts().join("")).length;

  expect(size).toBeGreaterThan(1_000);
  expect(size).toBeLessThan(LIMIT);
});

test("the package depends on nothing", () => {
  const imports = scripts().flatMap((text) =>
    [...text.matchAll(/from "(.+?)"/g)].map(([, from]) => from ?? ""),
  );

  expect(imports.length).toBeGreaterThan(5);
  for (const from of imports) {
    expect(readdirSync(path.join(installed, "dist"))).toContain(path.basename(from));
  }
});

for (const [module, resolution] of [
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
] as const) {
  test(`its types are found and strict with the module resolution ${resolution}`, () => {
    writeFileSync(path.join(directory, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(path.join(directory, "consumer.ts"), CONSUMER);
    const options = ["--strict", "--noEmit", "--target", "es2022"];

    compile(...options, "--module", module, "--moduleResolution", resolution, "consumer.ts");
  });
}
