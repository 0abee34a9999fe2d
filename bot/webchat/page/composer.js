// Where the person writes: one growing text field, or the real fields of a secret the bot asks for.

import { word } from "./words.js";

const KINDS = {
  password: { type: "password", autocomplete: "current-password" },
  "new-password": { type: "password", autocomplete: "new-password" },
  "one-time-code": { type: "text", autocomplete: "one-time-code", inputMode: "numeric" },
  pin: { type: "password", autocomplete: "off", inputMode: "numeric" },
};

export class Composer {
  /** `say(text)`, `sayInSecret(text, messageId)`, `sendFile(file)`, `written(text)` for what is not sent yet. */
  constructor(say, sayInSecret, sendFile, written) {
    Object.assign(this, { say, sayInSecret, sendFile, written });
    this.form = document.getElementById("composer");
    this.secrets = document.getElementById("secrets");
    this.text = document.getElementById("text");
    this.view = null;
    this.declined = null;
    this.prepare();
  }

  prepare() {
    this.speak();
    const attach = document.getElementById("attach");
    const file = document.getElementById("file");
    attach.addEventListener("click", () => file.click());
    this.offered = !attach.hidden;
    file.addEventListener("change", () => {
      if (file.files[0]) this.sendFile(file.files[0]);
      file.value = "";
    });
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.secrets.addEventListener("submit", (event) => this.submitSecrets(event));
    this.text.addEventListener("input", () => this.grow());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    });
  }

  /** Say what the field is for in the page's language. */
  speak() {
    this.text.placeholder = word("write");
    document.getElementById("attach").title = word("attach");
  }

  grow() {
    this.text.style.height = "auto";
    this.written(this.text.value);
    this.text.style.height = Math.min(this.text.scrollHeight + 2, window.innerHeight / 3) + "px";
  }

  submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    this.grow();
    this.text.focus();
    this.say(text);
  }

  /** Show the button for a file where the bot asks for one, or always where it is taken at any time. */
  offerFile(asked) {
    document.getElementById("attach").hidden = !(asked || this.offered);
  }

  /** Put words that could not be sent back into the field, before what was written since. */
  giveBack(text) {
    this.text.value = this.text.value ? text + "\n" + this.text.value : text;
    this.grow();
  }

  /** Show the field that `view` asks for, or the text field when it is null; true if that is another one. */
  ask(view) {
    if (view && view.id === this.declined) return this.ask(null);
    if (view === this.view || (view && this.view && view.id === this.view.id)) return false;
    const inside = this.form.contains(document.activeElement) || this.secrets.contains(document.activeElement);
    this.view = view;
    this.secrets.textContent = "";
    this.secrets.hidden = !view;
    this.form.hidden = Boolean(view);
    if (view) this.drawSecrets(view.field);
    if (inside || view) (view ? this.secrets.querySelector("input") : this.text).focus({ preventScroll: true });
    return true;
  }

  drawSecrets(field) {
    const group = document.createElement("fieldset");
    if (field.parts.length > 1 && field.label) {
      group.append(Object.assign(document.createElement("legend"), { textContent: field.label, dir: "auto" }));
    }
    for (const part of field.parts) {
      const label = document.createElement("label");
      const named = field.parts.length === 1 && field.label ? field.label : word(part);
      label.append(Object.assign(document.createElement("span"), { textContent: named, dir: "auto" }));
      const input = Object.assign(document.createElement("input"), KINDS[part], { name: part, required: true });
      input.autocapitalize = "none";
      input.spellcheck = false;
      label.append(input);
      group.append(label);
    }
    const actions = Object.assign(document.createElement("div"), { className: "actions" });
    actions.append(this.button("quiet", word("instead"), () => this.decline()), this.showButton(group));
    actions.append(Object.assign(document.createElement("button"), { type: "submit", className: "send", textContent: word("send") }));
    this.secrets.append(group, actions);
  }

  showButton(group) {
    const hidden = Array.from(group.querySelectorAll("input[type=password]"));
    const button = this.button("quiet", word("show"), () => {
      const shown = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!shown));
      for (const input of hidden) input.type = shown ? "password" : "text";
    });
    button.setAttribute("aria-pressed", "false");
    button.hidden = !hidden.length;
    return button;
  }

  button(name, text, press) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: name, textContent: text });
    button.addEventListener("click", press);
    return button;
  }

  decline() {
    this.declined = this.view.id;
    this.ask(null);
  }

  submitSecrets(event) {
    event.preventDefault();
    const values = Array.from(this.secrets.querySelectorAll("input"), (input) => input.value);
    const messageId = this.view.id;
    this.ask(null);
    this.sayInSecret(values.join("\n"), messageId);
  }
}
