import type { APIRequestContext, BrowserContext, Page, Route } from "@playwright/test";
import { request } from "@playwright/test";
import type { Service } from "./service";

/** A person with an account. */
export type Person = { name: string; email: string; password: string };

/** The accounts of a service. */
export class People {
  private constructor(
    readonly service: Service,
    readonly admin: Person,
    readonly user: Person,
  ) {}

  /** Creates the demo accounts, and reads them from the output of `latchkey demo`. */
  static async demo(service: Service): Promise<People> {
    const printed = await service.latchkey(["demo"]);
    const [admin, user] = ["ADMIN", "USER"].map((role) => {
      const [, email, password] =
        new RegExp(`^${role}\\s+(\\S+)\\s+(\\S+)`, "m").exec(printed) ?? [];
      if (!email || !password) throw new Error("the demo printed no such account");
      return { email, password, name: role === "ADMIN" ? "Ada Admin" : "Uma User" };
    });
    if (!admin || !user) throw new Error("the demo printed too few accounts");
    return new People(service, admin, user);
  }

  /** Creates an account for one test only. It has no orders. */
  async add(name: string, role: "ADMIN" | "USER" = "USER"): Promise<Person> {
    const person = {
      name,
      email: `${name.toLowerCase().replaceAll(" ", ".")}.${Date.now()}@example.com`,
      password: "correct horse battery",
    };
    const api = await request.newContext({ baseURL: this.service.url });
    const login = await api.post("/api/auth/login", { data: credentials(this.admin) });
    const { accessToken } = await login.json();
    const added = await api.post("/api/admin/users", {
      data: { ...person, role },
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    if (added.status() !== 201) throw new Error(await added.text());
    await api.post("/api/auth/logout");
    await api.dispose();
    return person;
  }
}

export const credentials = ({ email, password }: Person) => ({ email, password });

export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Opens a page and signs in there by the form. */
export async function visit(page: Page, person: Person, path = "/orders/"): Promise<void> {
  await page.goto(path);
  await signIn(page, person);
  await page.getByText(person.name, { exact: true }).first().waitFor();
}

/** Replaces the access token of a request, so that the service rejects it. */
export const invalidateToken = (route: Route) =>
  route.continue({ headers: { ...route.request().headers(), authorization: "Bearer invalid" } });

/** Holds a copy of a browser's refresh token, as a slow request or a thief would. */
export class TokenHolder {
  private constructor(
    private readonly api: APIRequestContext,
    private readonly name: string,
    private token: string,
  ) {}

  static async of(context: BrowserContext, service: Service): Promise<TokenHolder> {
    const cookie = (await context.cookies(`${service.url}/api/auth`)).find(isRefreshToken);
    if (!cookie) throw new Error("the browser has no refresh token");
    return new TokenHolder(
      await request.newContext({ baseURL: service.url }),
      cookie.name,
      cookie.value,
    );
  }

  /** Rotates the token several times and returns the newest. */
  async refresh(times = 1): Promise<string> {
    for (let done = 0; done < times; done++) {
      const response = await this.post("/api/auth/refresh");
      if (!response.ok()) throw new Error(await response.text());
      const [pair = ""] = (response.headers()["set-cookie"] ?? "").split(";");
      this.token = pair.slice(pair.indexOf("=") + 1) || this.token;
    }
    return this.token;
  }

  async post(path: string, data?: unknown) {
    return this.api.post(path, {
      headers: { Cookie: `${this.name}=${this.token}` },
      ...(data !== undefined && { data }),
    });
  }
}

const isRefreshToken = ({ path }: { path: string }) => path === "/api/auth";
