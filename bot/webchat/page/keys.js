// The buttons under a message: real buttons, in the bot's order, and by rank.

import { isWords } from "./card.js";

const SHORT = { three: 11, two: 20 }; // letters of the longest label where so many choices stand in a row

const MERGED = ["choice", "plain", "ticks"];

/** Draw the rows of a message's buttons into `parent`; `doing` has copy(text) and tap(view, button, element). */
export function drawKeys(parent, view, doing) {
  for (const { keys, kind } of lines(view.buttons)) {
    const line = document.createElement("div");
    line.className = "keys " + kind;
    for (const button of keys) line.append(drawKey(button, view, doing));
    parent.append(line);
  }
}

// Telegram has a row for each choice. Here choices that are short stand side by side, two or three to a row, and what is
// plain follows one another as text does.
function lines(rows) {
  const drawn = [];
  for (const all of inReadingOrder(rows)) {
    const row = all.filter((key) => !key.copy || !isWords(key.copy)); // copying the words stands right below them
    if (!row.length) continue;
    const kind = kindOf(row);
    const before = drawn[drawn.length - 1];
    if (before && MERGED.includes(kind) && before.kind === kind) before.keys.push(...row);
    else drawn.push({ keys: row.slice(), kind });
  }
  return drawn.map(({ keys, kind }) => ({ keys, kind: kind === "choice" && keys.length > 1 ? widthOf(keys) : kind }));
}

// Who is ticked is read before the key that acts on it; Telegram has that key first.
function inReadingOrder(rows) {
  const ticks = rows.filter((row) => row.some(canBeTicked));
  return [...ticks, ...rows.filter((row) => !ticks.includes(row))];
}

function canBeTicked(key) {
  return typeof key.checked === "boolean";
}

function kindOf(row) {
  if (row.some(canBeTicked)) return "ticks";
  if (row.every((key) => key.variant === "plain")) return "plain";
  const [key] = row;
  if (row.length > 1) return "row";
  return key.data && !key.style && !key.variant ? "choice" : "";
}

function widthOf(keys) {
  const longest = Math.max(...keys.map((key) => key.text.length));
  if (longest <= SHORT.three && keys.length > 2) return "three";
  return longest <= SHORT.two ? "two" : "one";
}

/** Take the keys of an answered message away, but those that are good for as long as it stands. */
export function retireKeys(row) {
  for (const key of row.querySelectorAll(".key")) {
    if (key.tagName === "BUTTON" && !key.classList.contains("lasting") && !key.dataset.copies) key.remove();
  }
  for (const line of row.querySelectorAll(".keys")) if (!line.firstChild) line.remove();
}

function drawKey(button, view, doing) {
  const key = document.createElement(button.url ? "a" : "button");
  key.className = ["key", button.style, button.variant].filter(Boolean).join(" ");
  if (button.data) key.dataset.asks = button.data; // a key is found by this in whatever language it is labelled
  key.dir = "auto";
  key.textContent = button.text;
  if (button.url) {
    Object.assign(key, { href: button.url, target: "_blank", rel: "noopener noreferrer" });
    return key;
  }
  key.type = "button";
  if (canBeTicked(button)) drawTick(key, button);
  if (button.copy) key.dataset.copies = "yes";
  key.addEventListener("click", () => (button.copy ? doing.copy(button.copy) : doing.tap(view, button, key)));
  return key;
}

// A chat app shows the sign in the label; here it is drawn, and a screen reader is told by the role.
function drawTick(key, button) {
  const label = Object.assign(document.createElement("span"), { dir: "auto", textContent: button.text.replace(/^[✓✗] /u, "") });
  key.replaceChildren(label);
  key.removeAttribute("dir");
  key.classList.add("tick");
  key.setAttribute("role", "checkbox");
  key.setAttribute("aria-checked", String(button.checked));
}
