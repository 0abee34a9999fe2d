// Where a tab's session token is: in memory, in sessionStorage, and for a day in localStorage if the person asks for it.

const DAY = 24 * 3600 * 1000;
const name = new URLSearchParams(location.search).get("name") || ""; // several frames of one tab are several people
const KEY = "chat" + (name && "." + name);
const LANGUAGE = KEY + ".language";
const UNSENT = KEY + ".unsent";
const LETTERS = KEY + ".letters";

let token = "";
let worker = null;
let shown = ""; // the proof of work of this token, once it is found

function read(storage, key = KEY) {
  try {
    return storage().getItem(key) || "";
  } catch (error) {
    return ""; // storage is switched off: the session then lives in memory only
  }
}

function write(storage, value, key = KEY) {
  try {
    if (value) storage().setItem(key, value);
    else storage().removeItem(key);
  } catch (error) {
    /* likewise */
  }
}

const tab = () => window.sessionStorage;
const device = () => window.localStorage;

function keptForTheDay() {
  const [until, kept] = read(device).split(" ");
  if (Number(until) > Date.now()) return { until, kept };
  write(device, "");
  return { until: 0, kept: "" };
}

// A duplicated tab copies sessionStorage; two tabs are two people, so a token that another tab holds is not taken.
function isFree(candidate) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const tryOnce = (left) =>
      navigator.locks.request(KEY + candidate, { ifAvailable: true }, (lock) => {
        if (lock) {
          resolve(true);
          return new Promise(() => {});
        }
        if (left) setTimeout(tryOnce, 250, left - 1); // a reload lets go of its own lock a moment late
        else resolve(false);
        return undefined;
      });
    tryOnce(2);
  });
}

/** Return the token this tab may use, or "". */
export async function found() {
  for (const candidate of [read(tab), keptForTheDay().kept]) {
    if (candidate && (await isFree(candidate))) return candidate;
  }
  return "";
}

/** Return the token in use. */
export function current() {
  return token;
}

/** Use this token from now on, in this tab only. */
export function use(next) {
  if (next === token) return;
  const until = isKept() && keptForTheDay().until;
  token = next;
  prove();
  write(tab, next);
  isFree(next);
  if (until) write(device, `${until} ${token}`); // another token of the same chat, or a new chat: no longer than before
}

// Nobody waits for the proof: without it the server only takes this tab after others while very many write at once.
function prove() {
  if (worker) worker.terminate();
  [worker, shown] = [null, ""];
  if (window.Worker) whenIdle(look);
}

// An old phone draws its first screen before it looks for anything.
function whenIdle(work) {
  if (window.requestIdleCallback) window.requestIdleCallback(work, { timeout: 5000 });
  else setTimeout(work, 1000);
}

function look() {
  if (worker) worker.terminate();
  const looking = (worker = new Worker(new URL("./proof.js", import.meta.url)));
  looking.onmessage = ({ data }) => {
    if (looking === worker) shown = data;
    looking.terminate();
  };
  looking.postMessage(token);
}

/** Return the proof of work of the token in use, or "". */
export function proof() {
  return shown;
}

/** Tell whether this tab's chat is kept on the device. */
export function isKept() {
  return Boolean(token) && keptForTheDay().kept === token;
}

/** Keep this chat on the device for a day, or stop doing so. */
export function keep(yes) {
  write(device, yes ? `${Date.now() + DAY} ${token}` : "");
}

/** The language that was chosen in this tab, or "". */
export function language() {
  return read(tab, LANGUAGE);
}

/** Keep to this language in this tab. */
export function speak(tag) {
  write(tab, tag, LANGUAGE);
}

/** Whether another tab of this browser has a talk of its own. */
export async function isBesideAnother() {
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return held.some(({ name: one }) => one.startsWith(KEY) && one[KEY.length] !== "." && one !== KEY + token);
}

/** What was written in this tab and not sent. */
export function unsent() {
  return read(tab, UNSENT);
}

/** Keep what is not sent for as long as this tab lives, over a reload; "" keeps nothing. */
export function keepUnsent(text) {
  write(tab, text, UNSENT);
}

/** Whether j and k move in the list beside the conversation: who speaks to a browser may want letters to do nothing. */
export function lettersOn() {
  return read(tab, LETTERS) !== "off";
}

/** Have them do so in this tab, or not. */
export function useLetters(yes) {
  write(tab, yes ? "" : "off", LETTERS);
}

/** Forget everything, everywhere. */
export function forget() {
  token = "";
  write(tab, "", LETTERS);
  write(tab, "", LANGUAGE);
  write(tab, "", UNSENT);
  write(tab, "");
  write(device, "");
}
