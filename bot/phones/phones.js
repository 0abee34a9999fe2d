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
    src: `/?embed=1&name=${encodeURIComponent(slot)}&lang=${encodeURIComponent(language)}`,
  });
  return el("div", { className: "phone" }, el("h2", {}, title, " ", el("small", {}, person)), frame);
};

const codeRow = ({ name, passphrase, code, left }) => el(
  "tr", {},
  el("td", {}, name), el("td", { className: "code-word" }, passphrase),
  el("td", { className: "code" }, code), el("td", {}, String(left)),
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
  return answer.json();
};

const every = (seconds, look) => {
  const again = async () => {
    try { await look(); } catch (error) { /* the demo was stopped; the next look tells */ }
    setTimeout(again, seconds * 1000);
  };
  again();
};

fetched("/phones/people").then((people) => {
  document.getElementById("phones").append(...people.map(phone));
});
every(1, async () => {
  document.querySelector("#codes tbody").replaceChildren(...(await fetched("/phones/codes")).map(codeRow));
});
every(1.5, async () => {
  document.getElementById("rows").replaceChildren(...(await fetched("/phones/database")).map(dataRow));
});
