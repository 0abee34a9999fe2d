// The list that the bot keeps beside the conversation, where the screen has room for two panes. It is gone through with
// the keys j and k or the arrows, Enter opens, Escape goes back to the conversation.

const STEPS = { j: 1, KeyJ: 1, k: -1, KeyK: -1 };
const INSIDE = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
const FIELDS = "input, textarea, select, #menu, #alert";

export class Beside {
  /** `tap(view, button, element)`; `lettersOn()` tells whether j and k move in the list. */
  constructor(element, tap, lettersOn) {
    Object.assign(this, { element, tap, lettersOn });
    this.list = element.querySelector("ul");
    this.title = element.querySelector("h2");
    this.view = null;
    this.at = 0; // the place of the one key that the tabulator key reaches
    this.entered = false; // whether the list was gone through before
    document.addEventListener("keydown", (event) => this.hear(event));
    this.list.addEventListener("focusin", ({ target }) => this.reach(this.keys().indexOf(target)));
  }

  /**
   * Show the list, or what it is now: the place in it, also of the keyboard, stays with its entry. Another list, which
   * has none of its entries, begins at the top.
   */
  show(view) {
    const before = this.keys();
    const focused = before.indexOf(document.activeElement);
    const place = before[this.at] ? before[this.at].dataset.opens : "";
    const top = this.list.scrollTop;
    const known = this.entries();
    this.view = view;
    this.title.textContent = view.text;
    this.change(view.buttons.flat());
    this.open(true);
    const keys = this.keys();
    const current = keys.findIndex((key) => key.getAttribute("aria-current"));
    const same = keys.findIndex((key) => key.dataset.opens === place);
    const goesOn = this.entries().some((entry) => known.includes(entry));
    const here = focused < 0 && current >= 0 ? current : same >= 0 ? same : this.at;
    this.reach(goesOn ? Math.min(here, keys.length - 1) : 0);
    this.list.scrollTop = goesOn ? top : 0;
    if (focused >= 0) keys[this.at].focus({ preventScroll: true });
  }

  // What stays in its place is left there, so that a screen reader does not read out again where the person is.
  change(buttons) {
    const before = new Map(this.keys().map((key) => [key.dataset.opens, key]));
    const keys = buttons.map((button) => this.draw(button, before.get(button.data)));
    const kept = new Set(keys);
    for (const key of before.values()) if (!kept.has(key)) key.parentNode.remove();
    let next = this.list.firstChild;
    for (const { parentNode: item } of keys) {
      if (item === next) next = next.nextSibling;
      else this.list.insertBefore(item, next);
    }
  }

  /** The message with this id is gone; tells whether it was the list. */
  remove(id) {
    if (!this.view || this.view.id !== id) return;
    const inside = this.element.contains(document.activeElement);
    this.view = null;
    [this.at, this.entered] = [0, false];
    this.list.textContent = this.title.textContent = "";
    this.open(false);
    if (inside) this.leave();
  }

  open(yes) {
    this.element.hidden = document.getElementById("letters-row").hidden = !yes;
    document.body.classList.toggle("split", yes);
  }

  draw(button, known) {
    const key = known || this.create(button.data);
    key.className = "entry " + button.variant;
    key.tabIndex = -1;
    if (key.textContent !== button.text) key.textContent = button.text;
    if (button.style === "primary") key.setAttribute("aria-current", "true");
    else key.removeAttribute("aria-current");
    return key;
  }

  create(data) {
    const key = Object.assign(document.createElement("button"), { type: "button", dir: "auto" });
    key.dataset.opens = data;
    key.addEventListener("click", () => this.tap(this.view, this.view.buttons.flat().find((one) => one.data === data), key));
    document.createElement("li").append(key);
    return key;
  }

  keys() {
    return Array.from(this.list.querySelectorAll("button"));
  }

  entries() {
    return this.keys().filter((key) => !key.classList.contains("plain")).map((key) => key.dataset.opens);
  }

  // One key of the list at a time is on the tabulator key's way.
  reach(at) {
    const keys = this.keys();
    if (!keys[at]) return;
    if (keys[this.at]) keys[this.at].tabIndex = -1;
    this.at = at;
    keys[at].tabIndex = 0;
  }

  hear(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!this.isSeen() || event.target.closest(FIELDS)) return;
    const inside = this.list.contains(event.target);
    if (inside && event.key === "Escape") this.leave();
    // A letter of another alphabet stands for the key that it is on.
    const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code;
    const step = (this.lettersOn() && STEPS[letter]) || (inside && INSIDE[event.key]) || 0;
    if (step) this.move(event, step, inside);
  }

  move(event, step, inside) {
    event.preventDefault();
    const keys = this.keys();
    const current = keys.some((key) => key.getAttribute("aria-current"));
    const from = inside || this.entered || current ? this.at + step : this.at;
    this.entered = true;
    keys[Math.max(0, Math.min(keys.length - 1, from))].focus();
  }

  isSeen() {
    return !this.element.hidden && getComputedStyle(this.element).display !== "none" && document.getElementById("alert").hidden;
  }

  leave() {
    document.getElementById("log").focus({ preventScroll: true });
  }
}
