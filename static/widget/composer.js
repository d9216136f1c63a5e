/* The field the customer writes in. What is typed survives a reload and a lost connection. */
import { h, icon } from "./dom.js";
import { firstName } from "./turns.js";

const LONGEST_TEXT = 8_000; // characters; far below the 128 kB a message may have
const TALLEST_PX = 120;

export class Composer {
  constructor({ chat, words, shelf }) {
    Object.assign(this, { chat, words, shelf });
    this.text = h("textarea", {
      rows: 1,
      maxlength: LONGEST_TEXT,
      enterkeyhint: "send",
      oninput: () => this.edited(),
      onkeydown: (event) => this.key(event),
    });
    this.text.value = shelf.get("draft", "");
    this.email = h("input", { type: "email", autocomplete: "email", inputmode: "email" });
    this.emailLabel = h("span");
    this.mail = h("label", { class: "mail", hidden: true }, this.emailLabel, this.email);
    this.button = h("button", { class: "send", type: "submit" }, icon("send", 18));
    this.form = h(
      "form",
      { novalidate: true, onsubmit: (event) => this.submit(event) },
      this.mail,
      h("div", { class: "box" }, this.text, this.button),
    );
    this.again = h("button", { class: "again", type: "button", onclick: () => chat.startNewConversation() });
    this.element = h("div", { class: "foot" }, this.form, this.again);
  }

  draw() {
    const { words, chat } = this;
    const ended = chat.now.phase === "ended";
    this.form.hidden = ended;
    this.again.hidden = !ended;
    this.mail.hidden = chat.now.phase !== "message" || this.emailGiven;
    this.again.textContent = words.t("startNew");
    this.emailLabel.textContent = words.t("email");
    this.button.setAttribute("aria-label", words.t("send"));
    const prompt = this.prompt(chat.now);
    this.text.placeholder = prompt;
    this.text.setAttribute("aria-label", prompt);
  }

  prompt({ phase, agent }) {
    if (phase === "human" && agent?.name) return this.words.t("writeTo", { name: firstName(agent.name) });
    return this.words.t(
      { passing: "writeWaiting", waiting: "writeWaiting", message: "writeMessage" }[phase] ?? "write",
    );
  }

  edited() {
    this.shelf.set("draft", this.text.value);
    this.chat.keepTyping();
    this.fit();
  }

  fit() {
    this.text.style.height = "";
    if (this.text.scrollHeight > this.text.clientHeight)
      this.text.style.height = `${Math.min(TALLEST_PX, this.text.scrollHeight)}px`;
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (text) this.chat.say(this.withEmail(text));
    if (text) this.empty();
    this.text.focus();
  }

  // Whoever reads the message must see where to answer, so the address is part of its words.
  withEmail(text) {
    const email = this.email.value.trim();
    if (this.mail.hidden || !email) return text;
    this.emailGiven = true;
    return `${text}\n${this.words.t("emailLine", { email })}`;
  }

  empty() {
    this.text.value = "";
    this.shelf.clear("draft");
    this.fit();
  }
}
