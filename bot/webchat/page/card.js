// The words to come back: two rows of four with Copy below, and where nobody else sees the device what keeps them.

import * as session from "./session.js";
import { word } from "./words.js";

const WORDS = 8;
const SCALE = 3; // pixels of the picture for one of the page

/** Whether this text of a code is words to come back. */
export function isWords(text) {
  return text.split(" ").length === WORDS;
}

/** Draw the words, and below them what can be done with them; `doing` has copy(text) and tell(text). */
export function drawWords(text, view, doing) {
  const block = Object.assign(document.createElement("div"), { className: "words" });
  const code = action("code", "", () => doing.copy(text));
  code.setAttribute("aria-description", word("copy"));
  const all = text.split(" ");
  const rows = [all.slice(0, WORDS / 2), all.slice(WORDS / 2)];
  block.style.setProperty("--letters", String(Math.max(...rows.map((row) => row.join("").length))));
  for (const row of rows) {
    const line = Object.assign(document.createElement("span"), { className: "four" });
    for (const one of row) line.append(Object.assign(document.createElement("span"), { textContent: one }), " ");
    code.append(line);
  }
  block.append(code, drawActions(text, view, doing));
  return block;
}

function drawActions(text, view, doing) {
  const actions = Object.assign(document.createElement("div"), { className: "keys" });
  const copies = view.buttons.flat().find((button) => button.copy === text);
  if (copies) actions.append(action("key", copies.text, () => doing.copy(text)));
  if (view.buttons.flat().some((button) => button.variant === "lasting")) {
    actions.append(action("key plain", word("keepHere"), () => {
      session.keep(true);
      doing.tell(word("keepNote"));
    }));
    actions.append(action("key plain", word("saveCard"), () => saveCard(text)));
  }
  return actions;
}

function action(className, text, press) {
  const button = Object.assign(document.createElement("button"), { type: "button", className, textContent: text });
  button.addEventListener("click", press);
  return button;
}

// Nothing stands on the card but the words and where they are asked for.
function saveCard(text) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 360 * SCALE, height: 160 * SCALE });
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, 360, 160);
  pen.fillStyle = "#17242d";
  pen.textAlign = "center";
  pen.font = "600 17px system-ui, sans-serif";
  const all = text.split(" ");
  pen.fillText(all.slice(0, WORDS / 2).join("   "), 180, 60, 330);
  pen.fillText(all.slice(WORDS / 2).join("   "), 180, 92, 330);
  pen.font = "12px system-ui, sans-serif";
  pen.fillText(location.host + location.pathname, 180, 132, 330);
  canvas.toBlob((picture) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(picture), download: "card.png" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
