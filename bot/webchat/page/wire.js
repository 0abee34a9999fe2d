// Talking to the server: one queue of what the person does, one long poll for what changed.
// An act keeps its id until the bot has taken it for good, and is sent again with the same id until then.

import * as session from "./session.js";
import { language } from "./words.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function newId() {
  const raw = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The page may be shown under a path, which its own files are under as well.
const address = (path) => new URL("." + path, import.meta.url);

// No page of another origin can send it unasked.
const ours = { "X-Chat-Page": "1" };
const json = Object.assign({ "Content-Type": "application/json" }, ours);

async function post(path, said) {
  const body = JSON.stringify(Object.assign({ token: session.current(), proof: session.proof() }, said));
  return fetch(address(path), { method: "POST", headers: json, body });
}

export class Wire {
  /** `heard(changes, restarted)`, `online(yes)`, `refused(act, status)`. */
  constructor(heard, online, refused) {
    Object.assign(this, { heard, online, refused });
    this.queue = [];
    this.accepted = new Map();
    this.settled = new Set();
    this.opening = null;
    this.epoch = "";
    this.after = 0;
    this.sending = false;
    this.left = false;
  }

  /** Open the session, saying `text` if nothing was said in it yet, or `always`; returns whether nothing was. */
  async open(token, text, always) {
    const act = { id: newId(), path: "/api/send", said: { text } };
    const first = text && { id: act.id, text, always };
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      const answer = await post("/api/open", { token, language: language(), first }).catch(() => null);
      const said = answer && answer.ok ? await answer.json().catch(() => null) : null;
      if (said) {
        session.use(said.token);
        this.online(true);
        if (said.ids) {
          this.accepted.set(act.id, Object.assign(act, { ids: said.ids, ticket: said.ticket }));
          this.take(said.changes);
        }
        this.drain();
        return said.blank;
      }
      this.online(false);
      await pause(wait);
    }
  }

  /** Tell the server that the page speaks another language now; an answer that is lost loses a menu's language only. */
  speak() {
    post("/api/open", { token: session.current(), language: language() }).catch(() => null);
  }

  /** Do something: `path`, its fields, and a file for an upload. Returns the act. */
  act(path, said, file) {
    const act = { id: newId(), path, said, file };
    this.queue.push(act);
    this.drain();
    return act;
  }

  async drain() {
    if (this.sending || !session.current()) return; // what is done before there is a session waits for it
    this.sending = true;
    for (let wait = FIRST_WAIT; this.queue.length && !this.left; ) {
      const act = this.queue[0];
      const answer = await this.send(act).catch(() => null);
      if (answer && answer.ok) {
        Object.assign(act, await answer.json());
        if (!this.settled.delete(act.id)) this.accepted.set(act.id, act); // the news may have come before the answer
        this.remove(act);
        wait = FIRST_WAIT;
      } else if (answer && [400, 413, 415].includes(answer.status)) {
        this.remove(act);
        this.refused(act, answer.status);
      } else {
        await this.trouble(answer, wait);
        wait = Math.min(2 * wait, LONGEST_WAIT);
      }
    }
    this.sending = false;
  }

  remove(act) {
    this.queue.splice(this.queue.indexOf(act), 1);
  }

  send(act) {
    const said = Object.assign({ id: act.id, ids: act.ids || [], ticket: act.ticket || "" }, act.said);
    if (!act.file) return post(act.path, said);
    const form = new FormData();
    form.append("said", JSON.stringify(Object.assign({ token: session.current() }, said)));
    form.append("file", act.file, act.file.name);
    return fetch(address(act.path), { method: "POST", headers: { ...ours, "X-Chat-Token": session.current() }, body: form });
  }

  // The server does not know this tab (it restarted without its secret): go on in a new chat, once for all who ask.
  reopen() {
    if (!this.opening) {
      this.opening = this.open(session.current(), this.queue.length ? "" : "/start").then(() => { this.opening = null; });
    }
    return this.opening;
  }

  async trouble(answer, wait) {
    if (answer && (answer.status === 401 || answer.status === 410)) {
      await this.reopen();
      return;
    }
    const said = answer && answer.status === 429 ? await answer.json().catch(() => ({})) : {};
    if (!said.retry_after) this.online(false);
    await pause(said.retry_after ? said.retry_after * 1000 : wait);
  }

  /** Listen until the person leaves. */
  async listen() {
    for (let wait = FIRST_WAIT; !this.left; ) {
      const answer = await post("/api/events", { epoch: this.epoch, after: this.after }).catch(() => null);
      const changes = answer && answer.ok ? await answer.json().catch(() => null) : null;
      if (this.left) return;
      if (changes) {
        this.take(changes);
        wait = FIRST_WAIT;
      } else {
        await this.trouble(answer, wait);
        wait = Math.min(2 * wait, LONGEST_WAIT);
      }
    }
  }

  take(changes) {
    const restarted = this.epoch !== "" && this.epoch !== changes.epoch;
    this.epoch = changes.epoch;
    this.after = changes.version;
    this.online(true);
    if (changes.token) session.use(changes.token);
    for (const id of changes.settled) {
      if (!this.accepted.delete(id) && this.queue.some((act) => act.id === id)) this.settled.add(id);
    }
    if (restarted) {
      // The server forgot what the bot may not have taken yet: say it again, first, and with the proof of its old ids.
      const again = Array.from(this.accepted.values()).filter((act) => !this.queue.includes(act));
      this.accepted.clear();
      this.queue.unshift(...again);
      this.drain();
    }
    this.heard(changes, restarted);
  }

  /** Fetch the bytes of a message's file. */
  async file(message) {
    const answer = await post("/api/file", { message });
    if (!answer.ok) throw new Error("gone");
    return answer.arrayBuffer();
  }

  /** Leave for good; does not wait for the answer. */
  leave() {
    this.left = true;
    const body = JSON.stringify({ token: session.current() });
    fetch(address("/api/leave"), { method: "POST", keepalive: true, headers: json, body }).catch(() => {});
  }
}
