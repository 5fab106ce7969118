// A page without a framework: a form to sign in, or the orders of the person who has signed in.
import { isFailure, Session } from "./session/index.js";

const session = new Session();
const [status, form, main, name, list] = ["[role=status]", "form", "main", "#name", "ul"].map(
  (selector) => document.querySelector(selector),
);
let shown = null; // the id of the person whose orders are shown

session.subscribe(show);
session.start();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => session.signIn(Object.fromEntries(new FormData(form))));
});
main.querySelector("button").addEventListener("click", () => attempt(() => session.signOut()));

function show() {
  const { phase, user, failure, ending } = session.state;
  form.hidden = phase !== "signedOut";
  main.hidden = phase !== "signedIn";
  status.textContent = failure?.message ?? (ending ? words(ending) : "");
  if (user?.id === shown) return;
  shown = user?.id ?? null; // nothing of another person stays
  list.replaceChildren();
  form.reset();
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
    status.textContent = failure.message;
  }
}

function words({ problem }) {
  return `Your session has ended: ${problem.problem.reason ?? problem.message}`;
}
