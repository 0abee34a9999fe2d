// The conversation on the screen. Messages stay as they are when the server forgets them; only the bot takes them away.

import { drawBubble, drawChoice } from "./bubbles.js";
import { retireKeys } from "./keys.js";
import { word } from "./words.js";

export class Log {
  constructor(element, doing) {
    this.element = element;
    this.doing = doing;
    this.shown = new WeakMap(); // row → view
    this.views = new Map(); // message id or "pending:" + client id → { view, row }
    this.settled = new Set();
    this.unread = null; // the first row that the bot has said or changed since the person did something
    this.following = true;
    for (const moved of ["wheel", "touchmove"]) {
      this.element.addEventListener(moved, () => { this.following = false; this.tellBelow(); }, { passive: true });
    }
    this.below = document.getElementById("below");
    this.below.addEventListener("click", () => this.readOn());
    this.element.addEventListener("scroll", () => this.tellBelow(), { passive: true });
    this.typing = document.createElement("div");
    this.typing.className = "typing";
    this.typing.hidden = true;
    this.typing.setAttribute("aria-hidden", "true");
    this.typing.innerHTML = "<span></span><span></span><span></span>";
    this.element.append(this.typing);
  }

  /** The person did something: what comes now is read from its beginning. */
  acted() {
    this.unread = null;
    this.following = true;
  }

  /** Everything said before this page was opened has been shown: go on at the last message. */
  begun() {
    this.unread = Array.from(this.element.querySelectorAll(".theirs")).pop() || null;
    this.toEnd();
  }

  /** Show what the person has just done, before the server has it. */
  pend(act, text, secret, file) {
    const view = {
      id: "pending:" + act.id, client: act.id, mine: true, text: secret ? "••••••••" : text, entities: [], secret,
      buttons: [], protect: false, file: null, field: null,
    };
    if (file) view.text = file.name;
    this.show([view], true);
  }

  /** Show or change messages; however many they are, the page is laid out once. */
  show(views, follow) {
    const stuck = follow || this.following || this.atEnd();
    const fresh = document.createDocumentFragment();
    for (const view of views) this.place(view, fresh);
    if (fresh.firstChild) this.endGreeting();
    this.element.insertBefore(fresh, this.typing);
    if (stuck) this.toEnd();
  }

  /** What the server put into the page gives way to what the bot says. */
  endGreeting() {
    const greeting = document.getElementById("greeting");
    if (greeting) greeting.remove();
  }

  place(view, fresh) {
    if (view.mine && /^\/start(\s|$)/.test(view.text)) return; // the page said it, not the person
    view.settled = this.settled.has(view.client);
    const key = this.views.has(view.id) ? view.id : "pending:" + view.client;
    const before = this.views.get(key);
    const row = drawBubble(view, this.doing);
    if (before) this.swap(before.row, row);
    else fresh.append(row);
    this.views.delete(before ? key : undefined);
    this.views.set(view.id, { view, row });
    this.shown.set(row, view);
    if (!view.mine && (!this.unread || (before && this.unread === before.row))) this.unread = row;
  }

  // Focus stays where the person is: on the button with the same place, or on the message when it has none.
  swap(old, row) {
    const places = Array.from(old.querySelectorAll("button, a"));
    const place = places.indexOf(document.activeElement);
    const inside = old.contains(document.activeElement);
    old.replaceWith(row);
    if (inside) (row.querySelectorAll("button, a")[place] || row).focus({ preventScroll: true });
  }

  /** The keys of a message, as they stand on the screen. */
  keysOf(id) {
    return Array.from(this.views.get(id).row.querySelectorAll(".key"));
  }

  remove(id) {
    const shown = this.views.get(id);
    if (!shown) return;
    if (shown.row.contains(document.activeElement)) this.element.focus({ preventScroll: true });
    if (shown.row === this.unread) this.unread = null;
    shown.row.remove();
    this.views.delete(id);
  }

  drop(act) {
    this.remove("pending:" + act.id);
  }

  /** Mark what the bot has taken for good. */
  settle(clients) {
    if (!clients.length) return;
    for (const client of clients) this.settled.add(client);
    for (const { view, row } of this.views.values()) {
      if (view.mine && !view.settled && this.settled.has(view.client)) {
        view.settled = true;
        const state = row.querySelector(".state");
        state.classList.add("kept");
        state.setAttribute("aria-label", word("sent"));
      }
    }
  }

  setTyping(yes) {
    if (this.typing.hidden === !yes) return;
    const stuck = this.atEnd();
    this.typing.hidden = !yes;
    if (stuck) this.toEnd();
  }

  /** The field the bot waits for, if nothing was said since but what is protected: a notice below answers nothing. */
  asked() {
    for (let row = this.typing.previousElementSibling; row; row = row.previousElementSibling) {
      const view = this.shown.get(row);
      if (view.field) return view;
      if (view.mine || !view.protect) return null;
    }
    return null;
  }

  /** Whether the newest message is one in which the bot asks for a file. */
  asksForFile() {
    const view = this.shown.get(this.typing.previousElementSibling);
    return Boolean(view && !view.mine && view.asks_file);
  }

  /**
   * Only the newest question takes answers: keys of one that was answered go. What was chosen stays below its question
   * where the bot says that nobody else sees this device.
   */
  retire() {
    let [next, acted] = [null, false];
    for (let row = this.typing.previousElementSibling; row; row = row.previousElementSibling) {
      const view = this.shown.get(row);
      if (view.mine) acted = acted || next !== null;
      if (view.mine || view.protect || !view.buttons.length) continue;
      if (row.classList.contains("answered")) return;
      acted = acted || Boolean(next && view.chosen);
      if (next && acted) this.answer(row, view, next);
      next = view;
    }
  }

  answer(row, view, next) {
    const stuck = this.following || this.atEnd();
    const focused = row.contains(document.activeElement);
    row.classList.add("answered");
    retireKeys(row);
    if (view.chosen && next.private) drawChoice(row, view);
    if (focused && !row.contains(document.activeElement)) this.views.get(next.id).row.focus({ preventScroll: true });
    if (stuck) this.toEnd();
  }

  /** Whether the bot says that nobody else sees this device. */
  isPrivate() {
    for (let row = this.typing.previousElementSibling; row; row = row.previousElementSibling) {
      const view = this.shown.get(row);
      if (!view.mine && !view.protect && view.buttons.length) return view.private;
    }
    return false;
  }

  /** There is more room now, or less. */
  resized() {
    if (this.following) this.toEnd();
    this.tellBelow();
  }

  atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  // To the end, but never beyond the beginning of what has not been read: a long question starts at its first line.
  toEnd() {
    const end = this.element.scrollHeight - this.element.clientHeight;
    const start = this.unread ? this.unread.offsetTop - 8 : end;
    this.element.scrollTop = Math.min(end, start);
    this.tellBelow();
  }

  readOn() {
    this.following = false;
    this.element.focus({ preventScroll: true });
    this.element.scrollBy({ top: this.element.clientHeight * 0.8, behavior: "smooth" });
  }

  // An arrow says that there is more than the screen shows, until the person scrolls and knows.
  tellBelow() {
    this.below.hidden = !this.following || this.atEnd();
  }
}
