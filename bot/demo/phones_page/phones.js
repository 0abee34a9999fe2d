"use strict";
// The demo's own page: five chats side by side, the leads' codes, and the rows the database holds.

const el = (name, props, ...children) => {
  const made = Object.assign(document.createElement(name), props || {});
  made.append(...children);
  return made;
};

const phone = ({ slot, title, person, language }) => {
  const frame = el("iframe", {
    title: `${title}'s chat`,
    src: `../?embed=1&name=${encodeURIComponent(slot)}&lang=${encodeURIComponent(language)}`,
  });
  return el("div", { className: "phone", id: `phone-${slot}` }, el("h2", {}, title, " ", el("small", {}, person)), frame);
};

// A click copies; where the browser refuses, the text can still be marked and copied by hand.
const copies = (what) => {
  const button = el("button", { type: "button", className: "copy", title: "Copy" }, what);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.textContent);
      document.getElementById("copied").textContent = "Copied.";
    } catch (error) {
      getSelection().selectAllChildren(button);
    }
  });
  return button;
};

const codeRow = ({ name, passphrase, code, left }) => el(
  "tr", {},
  el("td", {}, name), el("td", {}, copies(passphrase)),
  el("td", { className: "code" }, copies(code)), el("td", { className: "left" }, String(left)),
);

const dataRow = ({ table, number, columns }) => {
  const list = el("dl", {});
  for (const { name, value, sealed } of columns) {
    list.append(el("dt", {}, name), el("dd", { className: sealed ? "sealed" : "" }, value));
  }
  return el("div", { className: "row" }, el("h3", {}, `${table} #${number}`), list);
};

const fetched = async (path) => {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
};

const every = (seconds, look) => {
  const again = async () => {
    try { await look(); } catch (error) { /* the demo was stopped, or is only starting; the next look tells */ }
    setTimeout(again, seconds * 1000);
  };
  again();
};

// Buttons stay the same elements, so that a keyboard's place on one of them is kept.
const drawCodes = (leads) => {
  const body = document.querySelector("#codes tbody");
  if (body.rows.length !== leads.length) body.replaceChildren(...leads.map(codeRow));
  leads.forEach(({ code, left }, at) => {
    body.rows[at].querySelector(".code .copy").textContent = code;
    body.rows[at].querySelector(".left").textContent = String(left);
  });
};

let drawn = "";
const drawRows = (told) => {
  if (told === drawn) return; // nothing moves while somebody reads
  drawn = told;
  document.getElementById("rows").replaceChildren(...JSON.parse(told).map(dataRow));
};

fetched("people").then((people) => {
  document.getElementById("phones").append(...JSON.parse(people).map(phone));
});
every(1, async () => drawCodes(JSON.parse(await fetched("codes"))));
every(1.5, async () => drawRows(await fetched("database")));
