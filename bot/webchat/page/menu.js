// The header's controls: the menu of what the bot can be asked, and Help, which is there before anything was said.

import * as session from "./session.js";
import { word } from "./words.js";

const part = (id) => document.getElementById(id);

export class Menu {
  /** `ask(text)` says one of the bot's commands; `askForHelp()` the one that must not wait. */
  constructor(ask, askForHelp) {
    this.ask = ask;
    this.commands = [];
    part("menu-button").addEventListener("click", () => this.open(part("menu").hidden));
    part("help-button").addEventListener("click", askForHelp);
    part("keep").addEventListener("change", (event) => session.keep(event.target.checked));
    part("letters").addEventListener("change", (event) => session.useLetters(event.target.checked));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || part("menu").hidden) return;
      this.open(false);
      part("menu-button").focus();
    });
    document.addEventListener("click", (event) => {
      if (!part("menu").hidden && !event.target.closest("#menu, #menu-button")) this.open(false);
    });
  }

  open(yes) {
    part("menu").hidden = !yes;
    part("menu-button").setAttribute("aria-expanded", String(yes));
    if (yes) [part("keep").checked, part("letters").checked] = [session.isKept(), session.lettersOn()];
    else if (part("menu").contains(document.activeElement) || document.activeElement === document.body) part("menu-button").focus();
  }

  /** Offer these commands, each by what it does. */
  draw(commands) {
    if (JSON.stringify(commands) === JSON.stringify(this.commands)) return;
    this.commands = commands;
    part("commands").textContent = "";
    for (const { command, description } of commands) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "entry", textContent: description, dir: "auto" });
      button.addEventListener("click", () => {
        this.open(false);
        this.ask("/" + command);
      });
      const item = document.createElement("li");
      item.append(button);
      part("commands").append(item);
    }
  }

  /** What stands in the menu for this text, or the text itself: a command is nothing that a person reads. */
  wordsFor(text) {
    const found = this.commands.find(({ command }) => text === "/" + command);
    if (found) return found.description;
    return text === "/help" ? word("help") : text;
  }
}
