// One message on the screen: its bubble, its file, and its buttons as rows of real buttons.

import { drawKeys } from "./keys.js";
import { drawText } from "./marks.js";
import { word } from "./words.js";

function add(parent, tag, name) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  parent.append(element);
  return element;
}

/** Draw a message; `doing` has copy, say, tap(view, button, element), fetchFile(view). */
export function drawBubble(view, doing) {
  const row = document.createElement("div");
  row.className = "message " + (view.mine ? "mine" : "theirs");
  row.tabIndex = -1;
  if (view.protect) row.classList.add("protected");
  const bubble = add(row, "div", "bubble");
  if (view.mine) add(bubble, "span", "unseen").textContent = word("you") + ": ";
  if (view.file) drawFile(bubble, view, doing);
  if (view.text) {
    const text = add(bubble, "div", "text");
    text.dir = "auto";
    if (view.secret) text.setAttribute("aria-label", word("dots"));
    if (view.entities.some((mark) => mark.type === "code")) row.classList.add("coded");
    drawText(text, view.mine ? inWords(view, doing) : view, doing);
  }
  if (view.mine) drawState(bubble, view);
  drawKeys(row, view, doing);
  if (view.text && view.buttons.length) name(row, bubble.querySelector(".text"));
  return row;
}

// Its keys are a group that is named by the question, so that it is heard before the first of them.
function name(row, text) {
  text.id = "text-" + (count += 1);
  for (const line of row.querySelectorAll(":scope > .keys")) {
    line.setAttribute("role", "group");
    line.setAttribute("aria-labelledby", text.id);
  }
}

let count = 0;

/** Draw what was chosen in a message below its question, as the person's own words. */
export function drawChoice(row, view) {
  const chosen = view.buttons.flat().find((button) => button.data === view.chosen);
  if (!chosen || chosen.variant || "checked" in chosen) return;
  const bubble = add(add(row, "div", "reply mine"), "div", "bubble");
  add(bubble, "span", "unseen").textContent = word("you") + ": ";
  const text = add(bubble, "div", "text");
  text.dir = "auto";
  text.textContent = chosen.text;
}

// A command that was chosen from the menu is said in the menu's words.
function inWords(view, doing) {
  const text = doing.wordsFor(view.text);
  return text === view.text ? view : Object.assign({}, view, { text, entities: [] });
}

function drawState(bubble, view) {
  const state = add(bubble, "span", view.settled ? "state kept" : "state");
  state.setAttribute("role", "img");
  state.setAttribute("aria-label", view.settled ? word("sent") : word("sending"));
}

function drawFile(bubble, view, doing) {
  if (view.file.kind === "photo") {
    const picture = add(bubble, "img", "photo");
    picture.alt = view.text || word("picture");
    picture.width = view.file.width;
    picture.height = view.file.height;
    doing.fetchFile(view, "image/*").then((address) => { picture.src = address; }, () => {});
    return;
  }
  const link = add(bubble, "button", "document");
  link.type = "button";
  link.textContent = `${view.file.name} (${Math.max(1, Math.round(view.file.size / 1024))} KB)`;
  link.addEventListener("click", () => doing.fetchFile(view, "application/octet-stream").then((address) => {
    const hidden = document.createElement("a");
    hidden.href = address;
    hidden.download = view.file.name;
    hidden.click();
  }, () => {}));
}
