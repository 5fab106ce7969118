// A page without a framework: a form to sign in, or the orders of the person who has signed in.
import { challengeOf, isFailure, Session } from "./session/index.js";

const session = new Session();
const [status, form, codeForm, main, name, list] = [
  "[role=status]",
  "#password",
  "#code",
  "main",
  "#name",
  "ul",
].map((selector) => document.querySelector(selector));
let shown = null; // the id of the person whose orders are shown
let challenge = null; // of a person who has a second factor

session.subscribe(show);
session.start();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => session.signIn(Object.fromEntries(new FormData(form))));
});
codeForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = new FormData(codeForm).get("code");
  attempt(() => session.completeSignIn({ ...challenge, factor: "totp", code }));
});
main.querySelector("button").addEventListener("click", () => attempt(() => session.signOut()));

function show() {
  const { phase, user, failure, ending } = session.state;
  if (user) challenge = null;
  form.hidden = phase !== "signedOut" || challenge !== null;
  codeForm.hidden = phase !== "signedOut" || challenge === null;
  main.hidden = phase !== "signedIn";
  status.textContent = failure?.message ?? (ending ? words(ending) : "");
  if (user?.id === shown) return;
  shown = user?.id ?? null; // nothing of another person stays
  list.replaceChildren();
  form.reset();
  codeForm.reset();
  name.textContent = user?.name ?? "";
  if (user) attempt(load);
}

async function load() {
  const response = await session.fetch("/api/orders");
  const { items } = await response.json();
  list.replaceChildren(...items.map(row));
}

function row({ id, status }) {
  const row = document.createElement("li");
  row.textContent = `${id} ${status}`;
  return row;
}

async function attempt(action) {
  try {
    await action();
  } catch (failure) {
    if (!isFailure(failure)) throw failure;
    if (failure.code === "challenge_invalid") challenge = null;
    challenge = challengeOf(failure) ?? challenge;
    show();
    status.textContent = failure.message;
  }
}

function words({ problem }) {
  return `Your session has ended: ${problem.problem.reason ?? problem.message}`;
}
