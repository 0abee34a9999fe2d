// The page put together: session, wire, log, the list beside it, composer, menu, and the way out.

import { Beside } from "./beside.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { Menu } from "./menu.js";
import * as session from "./session.js";
import { Wire } from "./wire.js";
import { follow, language, speak, word } from "./words.js";

const LARGEST_FILE = 20 * 1024 * 1024;
const OFFLINE_SHOWN_AFTER = 1500;
const HELP_SHOWN_AFTER = 3000;
const part = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);

speak();
if (query.has("embed")) document.body.classList.add("embed");

// -- what the page says by itself ------------------------------------------------------------------------------------

let statusTimer = 0;
let offlineTimer = 0;
let helpTimer = 0;

function say(text, seconds) {
  clearTimeout(statusTimer);
  part("status").textContent = text;
  if (seconds) statusTimer = setTimeout(() => { part("status").textContent = ""; }, seconds * 1000);
}

function online(yes) {
  if (!yes && !offlineTimer) {
    offlineTimer = setTimeout(say, OFFLINE_SHOWN_AFTER, word("reconnecting"));
    helpTimer = setTimeout(showNumbers, HELP_SHOWN_AFTER);
  }
  if (yes && offlineTimer) {
    clearTimeout(offlineTimer);
    clearTimeout(helpTimer);
    offlineTimer = 0;
    part("help").hidden = true;
    if (part("status").textContent === word("reconnecting")) say("");
  }
}

function showNumbers() {
  part("help").hidden = !part("help").querySelector("li");
}

let focusBefore = null;

function alertWith(text) {
  focusBefore = document.activeElement;
  part("alert-text").textContent = text;
  part("alert").hidden = false;
  part("alert-ok").focus();
}

function closeAlert() {
  part("alert").hidden = true;
  if (focusBefore && focusBefore.isConnected) focusBefore.focus();
}

part("alert-ok").addEventListener("click", closeAlert);
part("alert").addEventListener("keydown", (event) => {
  if (event.key === "Tab") event.preventDefault(); // one button is all there is to reach
  if (event.key === "Escape") closeAlert();
});

// -- what the person does --------------------------------------------------------------------------------------------

const waiting = new Map(); // act id → the button that was tapped
const addresses = new Map(); // message id → address of its file's bytes

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const field = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    focused.focus();
  }
  say(word("copied"), 3);
}

function sayText(text) {
  log.acted();
  const act = wire.act("/api/send", { text });
  log.pend(act, text, false, null);
  composer.ask(log.asked());
}

// Without a connection the page's own numbers stand there at once.
function askForHelp() {
  if (offlineTimer) showNumbers();
  sayText("/help");
}

function sayInSecret(text, replyTo) {
  log.acted();
  log.pend(wire.act("/api/send", { text, secret: true, reply_to: replyTo }), "", true, null);
}

// Nothing unsent is kept where somebody may see the device, nor before that is known.
function keepUnsent(text) {
  session.keepUnsent(log.isPrivate() ? text : "");
}

function sendFile(file) {
  if (part("attach").hidden) {
    declineFile(file);
    return;
  }
  if (file.size > LARGEST_FILE) {
    say(word("tooLarge"), 8);
    return;
  }
  log.acted();
  log.pend(wire.act("/api/upload", {}, file), "", false, file);
  composer.offerFile(log.asksForFile());
}

// No file is taken here: not a byte of it leaves the device, and the bot says so once it hears what kind it was.
function declineFile(file) {
  log.acted();
  const kind = ["image", "video"].indexOf(file.type.split("/")[0]);
  wire.act("/api/upload", { kind: ["document", "photo", "video"][kind + 1] });
}

// What is dropped or pasted is a file to send; left to the browser, it would be shown in place of the conversation.
document.addEventListener("dragover", (event) => {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  sendFile(event.dataTransfer.files[0]);
});
document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  if (files.length && !types.includes("text/plain")) sendFile(files[0]); // words that also come as a picture are words
});

function tap(view, button, key) {
  if (key.getAttribute("aria-disabled") === "true") return;
  key.setAttribute("aria-disabled", "true"); // stays focusable, unlike `disabled`, so a keyboard user keeps the place
  log.acted();
  view.chosen = button.data;
  if (follow(button.text)) {
    composer.speak();
    wire.speak();
  }
  waiting.set(wire.act("/api/tap", { message: view.id, data: button.data }).id, key);
}

// A key of the greeting that was tapped before the bot had said it itself.
function tapFirst(view) {
  const data = document.documentElement.dataset.tapped;
  const button = data && view.buttons.flat().find((one) => one.data === data);
  const key = button && log.keysOf(view.id).find((one) => one.textContent === button.text);
  if (!key) return;
  delete document.documentElement.dataset.tapped;
  tap(view, button, key);
}

function release(id) {
  const key = waiting.get(id);
  if (key) key.removeAttribute("aria-disabled");
  waiting.delete(id);
}

async function fetchFile(view, kind) {
  if (!addresses.has(view.id)) {
    const bytes = await wire.file(view.id);
    addresses.set(view.id, URL.createObjectURL(new Blob([bytes], { type: kind })));
  }
  return addresses.get(view.id);
}

// -- what the server says --------------------------------------------------------------------------------------------

let begun = false;

function heard(changes) {
  menu.draw(changes.commands);
  for (const view of changes.messages) if (view.beside) beside.show(view);
  log.show(changes.messages.filter((view) => !view.beside), false);
  if (!begun) log.begun();
  if (!begun && session.unsent()) composer.giveBack(session.unsent());
  begun = true;
  changes.messages.forEach(tapFirst);
  for (const id of changes.gone) {
    log.remove(id);
    beside.remove(id);
    if (addresses.has(id)) URL.revokeObjectURL(addresses.get(id));
    addresses.delete(id);
  }
  for (const id of changes.unsaid) log.drop({ id });
  log.retire();
  keepUnsent(part("text").value);
  log.settle(changes.settled);
  changes.settled.forEach(release);
  for (const notice of changes.notices) {
    release(notice.answers);
    if (notice.text && notice.alert) alertWith(notice.text);
    else if (notice.text) say(notice.text, 6);
  }
  log.setTyping(changes.typing);
  if (composer.ask(log.asked())) log.resized();
  composer.offerFile(log.asksForFile());
}

function refused(act, status) {
  log.drop(act);
  release(act.id);
  if (act.said.text && !act.said.secret) composer.giveBack(act.said.text);
  say(word(status === 413 ? "tooLarge" : "refused"), 8);
}

// -- the way out -----------------------------------------------------------------------------------------------------

part("leave").addEventListener("click", () => {
  wire.leave();
  session.forget();
  part("log").textContent = part("beside").textContent = "";
  document.body.hidden = true;
  document.title = " ";
  location.replace(document.body.dataset.leaveTo);
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted && wire.left) location.replace(document.body.dataset.leaveTo);
});

// -- begin -----------------------------------------------------------------------------------------------------------

// A phone that is turned, or whose keyboard comes up, goes on showing the question.
window.addEventListener("resize", () => log.resized());

const menu = new Menu(sayText, askForHelp);
const log = new Log(part("log"), { copy, say: sayText, tell: (text) => say(text, 12), tap, fetchFile, wordsFor: (text) => menu.wordsFor(text) });
const beside = new Beside(part("beside"), tap, session.lettersOn);
const composer = new Composer(sayText, sayInSecret, sendFile, keepUnsent);
const wire = new Wire(heard, online, refused);

// A link carries the payload as `?start=`, or behind `#`, which browsers send to nobody, where it is a secret.
function takePayload() {
  const behind = new URLSearchParams(location.hash.slice(1));
  const payload = query.get("start") || behind.get("start") || "";
  if (!query.has("start") && !behind.has("start")) return "";
  query.delete("start"); // a reload of the tab does not follow the link again
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest && "?" + rest));
  return /^[A-Za-z0-9_-]{1,64}$/.test(payload) ? payload : "";
}

async function begin() {
  const greeting = part("greeting");
  if (greeting && greeting.lang !== language()) log.endGreeting();
  const payload = takePayload();
  const blank = await wire.open(await session.found(), "/start" + (payload && " " + payload), Boolean(payload));
  if (blank && (await session.isBesideAnother())) say(word("another"));
  wire.listen();
}

begin();
