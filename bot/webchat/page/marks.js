// Text with entities, drawn as elements. Offsets are UTF-16 units, as a string of this language counts.

import { drawWords, isWords } from "./card.js";
import { word } from "./words.js";

const PLAIN = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", pre: "pre", blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

function link(href) {
  const element = document.createElement("a");
  element.href = href;
  element.rel = "noopener noreferrer";
  if (/^https?:/.test(href)) element.target = "_blank";
  return element;
}

function pressable(name, label, press) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = name;
  if (label) element.setAttribute("aria-description", label);
  element.addEventListener("click", press);
  return element;
}

function spoiler() {
  const element = pressable("spoiler", word("hidden"), () => element.classList.add("open"));
  return element;
}

function webAddress(text) {
  return /^https?:\/\//i.test(text) ? text : "https://" + text;
}

function element(mark, text, view, doing) {
  switch (mark.type) {
    case "code":
      if (!view.mine && !view.protect && isWords(text)) return drawWords(text, view, doing);
      return view.mine || view.protect ? document.createElement("code") : pressable("code", word("copy"), () => doing.copy(text));
    case "bot_command": // for those who work with commands; a person who tells something has keys and the menu
      return view.mine || !view.protect ? document.createElement("span") : pressable("command", "", () => doing.say(text));
    case "url": return link(webAddress(text));
    case "text_link": return /^https?:/i.test(mark.url) ? link(mark.url) : document.createElement("span");
    case "email": return link("mailto:" + text);
    case "phone_number": return link("tel:" + text.replace(/[^\d+]/g, ""));
    case "spoiler": return view.mine ? document.createElement("span") : spoiler();
    default: return document.createElement(PLAIN[mark.type] || "span");
  }
}

// An empty line is drawn as a gap of half its height: a small phone shows more of a question at once.
function write(parent, text) {
  text.split("\n\n").forEach((paragraph, number) => {
    if (number) parent.append(Object.assign(document.createElement("span"), { className: "gap" }));
    parent.append(paragraph);
  });
}

/** Draw `view.text` with its entities into `parent`; `doing` has copy(text) and say(text). */
export function drawText(parent, view, doing) {
  drawRange(parent, view, doing, view.entities, 0, view.text.length);
}

function drawRange(parent, view, doing, marks, from, to) {
  let at = from;
  for (let number = 0; number < marks.length; number += 1) {
    const mark = marks[number];
    const first = Math.max(mark.offset, at);
    const last = Math.min(mark.offset + mark.length, to);
    if (first >= last) continue;
    write(parent, view.text.slice(at, first));
    const child = element(mark, view.text.slice(first, last), view, doing);
    if (child.tagName === "BLOCKQUOTE") child.dir = "auto";
    if (child.className !== "words") drawRange(child, view, doing, marks.slice(number + 1).filter((inner) => inner.offset < last), first, last);
    parent.append(child);
    at = last;
  }
  write(parent, view.text.slice(at, to));
}
