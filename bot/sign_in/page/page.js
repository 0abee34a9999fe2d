// The sign-in page: one form at a time, by what the server says comes next. Nothing typed is kept, and nothing is asked
// of any other host: what Telegram says of the person comes behind the # of the address.

import { addPasskey, hasPasskeys, usePasskey } from "./passkeys.js";

const EVERY = 2000; // milliseconds between looks whether the number was typed in the chat
const TITLES = { add: "Add a passkey", added: "Your passkey is added", unlock: "Sign in", join: "Join", code: "Your second factor", number: "One more step", open: "Your desk is open", gone: "This link is not good" };
const PLACES = { add: "add", added: "added", unlock: "unlock", join: "join", code: "first", number: "number", open: "open", gone: "gone" };

const at = (id) => document.getElementById(id);
const shown = readAddress();
let busy = false;

/** Take the link out of the address, so that it stands in no history; a reload finds it in the tab's own state. */
function readAddress() {
  const behind = location.hash.slice(1);
  const head = behind.split(/[?&]/)[0];
  const kept = history.state || {};
  const link = new URLSearchParams(location.search).get("link") || (head.includes("=") ? "" : head) || kept.link || "";
  const app = decoded((/(?:^|[?&])tgWebAppData=([^&]*)/.exec(behind) || [])[1]) || kept.app || "";
  history.replaceState({ link, app }, "", location.pathname);
  return { link, app };
}

function decoded(text) {
  try {
    return text ? decodeURIComponent(text) : "";
  } catch {
    return "";
  }
}

/** Ask the server; without an answer the same fields stay. */
async function ask(what, more = {}) {
  try {
    const answer = await fetch("signin/" + what, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...shown, ...more }), credentials: "same-origin",
    });
    if (answer.ok) return await answer.json();
  } catch {
    // said below
  }
  return { next: "again", said: "There was no answer. Please check the network and try again." };
}

/** Show what comes next; a sentence of what went wrong leaves the fields as they are, but for the code. */
function show(answer) {
  at("status").textContent = "";
  at("error").textContent = answer.said || "";
  for (const code of document.querySelectorAll("input[name=code]")) code.value = "";
  if (answer.next === "again") return focusFirst();
  for (const place of Object.values(PLACES)) at(place).hidden = place !== PLACES[answer.next];
  at("title").textContent = document.title = TITLES[answer.next];
  at("by-passkey").hidden = !(answer.passkeys && hasPasskeys());
  at("add-passkey").hidden = !hasPasskeys();
  at("no-passkeys").hidden = hasPasskeys();
  at("name-row").hidden = !answer.asks_name;
  at("name").required = Boolean(answer.asks_name);
  if (answer.next !== "unlock") clear();
  if (answer.next === "number") showNumber(answer.number);
  if (answer.next === "code") showSecret(answer);
  else forgetSecret();
  at("title").focus();
}

function focusFirst() {
  const empty = [...document.querySelectorAll("form:not([hidden]) input:not([type=checkbox])")].find((field) => !field.value && field.offsetParent);
  if (empty) empty.focus();
}

function showSecret({ uri, secret, picture }) {
  at("uri").href = uri;
  at("picture").src = "data:image/png;base64," + picture;
  at("secret").textContent = secret.replace(/(.{4})/g, "$1 ").trim();
}

function forgetSecret() {
  at("uri").href = "#";
  at("picture").removeAttribute("src");
  at("secret").textContent = "";
}

function showNumber(number) {
  at("digits").textContent = number.slice(0, 3) + " " + number.slice(3);
  setTimeout(lookAgain, EVERY);
}

async function lookAgain() {
  const answer = await ask("state");
  if (answer.next === "number" || answer.next === "again") setTimeout(lookAgain, EVERY);
  else show(answer);
}

function send(event, what) {
  event.preventDefault();
  return once(event.target.querySelector("button[type=submit]"), () => ask(what, Object.fromEntries(new FormData(event.target))));
}

/** Do what a button asks for; a second press while the first is on its way does nothing. */
async function once(button, work) {
  if (busy) return;
  busy = true;
  button.setAttribute("aria-disabled", "true");
  at("error").textContent = "";
  at("status").textContent = "One moment…";
  const answer = await work();
  busy = false;
  button.removeAttribute("aria-disabled");
  show(answer);
}

function clear() {
  for (const field of document.querySelectorAll("input:not([type=checkbox])")) field.value = "";
}

for (const tick of document.querySelectorAll("[data-shows]")) {
  tick.addEventListener("change", () => { at(tick.dataset.shows).type = tick.checked ? "text" : "password"; });
}
at("unlock").addEventListener("submit", (event) => send(event, "unlock"));
at("join").addEventListener("submit", (event) => send(event, "join"));
at("first").addEventListener("submit", (event) => send(event, "code"));
at("use-passkey").addEventListener("click", (event) => once(event.currentTarget, () => usePasskey(ask)));
at("add-passkey").addEventListener("click", (event) => once(event.currentTarget, () => addPasskey(ask)));
addEventListener("pagehide", clear);
addEventListener("hashchange", () => location.reload()); // another link, opened in the same tab
addEventListener("pageshow", async (event) => { if (event.persisted) show(await ask("begin")); });
ask("begin").then(show);
