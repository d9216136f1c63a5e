/* The launcher and the panel around transcript and composer. */
import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { paint, stylesheet } from "./styles.js";
import { Transcript } from "./transcript.js";
import { firstName } from "./turns.js";

const LOST_SHOWN_AFTER_MS = 1_000;

export class Panel {
  constructor({ element, chat, strings, options, announce }) {
    Object.assign(this, { element, chat, words: strings, options, announce, unread: 0 });
    element.setAttribute("theme", options.theme);
    this.root = element.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [stylesheet()];
    paint(element, options.accent);
    this.build();
    chat.onNews = () => this.countUnread();
    window.visualViewport?.addEventListener("resize", () => this.fitKeyboard());
    if (chat.store.tab.get("open", false) && chat.session.exists) this.show();
  }

  build() {
    this.launcher = h("button", {
      class: "launcher",
      type: "button",
      "aria-haspopup": "dialog",
      onclick: () => this.open(),
    });
    this.log = h("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-relevant": "additions",
      tabindex: 0,
    });
    this.transcript = new Transcript({ log: this.log, chat: this.chat, words: this.words });
    this.composer = new Composer({ chat: this.chat, words: this.words, shelf: this.chat.store.tab });
    this.ask = h("div", { class: "ask", hidden: true, role: "group" });
    this.banner = h("div", { class: "banner", hidden: true });
    this.rule = h("div", { class: "rule" });
    this.panel = h(
      "section",
      {
        class: "panel",
        role: "dialog",
        "aria-label": this.options.title,
        hidden: true,
        onkeydown: (event) => this.key(event),
      },
      this.buildHead(),
      this.rule,
      this.ask,
      this.log,
      this.banner,
      this.composer.element,
    );
    this.root.append(this.launcher, this.panel);
  }

  buildHead() {
    this.lamp = h("span", { class: "lamp" });
    this.status = h("span", { class: "text" });
    this.minimiseButton = h("button", { type: "button", onclick: () => this.minimise() }, icon("minimise"));
    this.closeButton = h("button", { type: "button", onclick: () => this.askToEnd() }, icon("close"));
    return h(
      "div",
      { class: "head" },
      h(
        "div",
        {},
        h("h2", { class: "title" }, this.options.title),
        h("p", { class: "status", role: "status" }, this.lamp, this.status),
      ),
      this.minimiseButton,
      this.closeButton,
    );
  }

  draw() {
    if (this.chat.now.language) this.words.use(this.chat.now.language);
    this.panel.setAttribute("lang", this.words.locale);
    this.drawLauncher();
    this.drawHead();
    this.log.setAttribute("aria-label", this.words.t("conversation"));
    // A replayed history is not news to be read aloud, and an answer is read when it is whole.
    this.log.setAttribute("aria-busy", String(!this.chat.replayed || this.chat.now.streaming));
    this.transcript.draw();
    this.drawBanner();
    this.composer.draw();
  }

  drawLauncher() {
    const label = this.unread ? this.words.t("launcherUnread", { count: this.unread }) : this.words.t("launcher");
    this.launcher.setAttribute("aria-label", label);
    this.launcher.replaceChildren(
      icon("chat", 26),
      ...(this.unread ? [h("span", { class: "count", "aria-hidden": "true" }, this.unread)] : []),
    );
  }

  drawHead() {
    const { tone, text } = describe(this.chat, this.words);
    this.lamp.dataset.tone = tone;
    // Written only when it changes: it is read aloud.
    if (this.status.textContent !== text) this.status.textContent = text;
    this.rule.toggleAttribute(
      "data-handoff",
      this.chat.now.items.some(({ kind }) => kind === "wait" || kind === "way"),
    );
    this.minimiseButton.setAttribute("aria-label", this.words.t("minimise"));
    this.closeButton.setAttribute("aria-label", this.words.t("close"));
  }

  drawBanner() {
    clearTimeout(this.tick);
    const { link, lostSince } = this.chat;
    const lostFor = link === "lost" ? Date.now() - lostSince : 0;
    const shown = link === "lost" ? lostFor >= LOST_SHOWN_AFTER_MS : link in BANNERS;
    this.banner.hidden = !shown;
    if (shown) this.banner.replaceChildren(...BANNERS[link](this, lostFor));
    if (link === "lost") this.tick = setTimeout(() => this.drawBanner(), 1_000);
  }

  open() {
    this.show();
    this.chat.open();
    this.composer.text.focus();
    this.announce.tell("open");
  }

  show() {
    this.unread = 0;
    this.panel.hidden = false;
    this.launcher.hidden = true;
    this.chat.store.tab.set("open", true);
    this.draw();
    this.composer.fit();
    this.log.scrollTop = this.log.scrollHeight;
    this.fitKeyboard();
  }

  minimise() {
    this.panel.hidden = true;
    this.ask.hidden = true;
    this.launcher.hidden = false;
    this.launcher.focus();
    this.chat.store.tab.set("open", false);
    this.announce.tell("close");
  }

  /** Closing means ending; with nothing said, or all said, it just closes. */
  askToEnd() {
    const said = this.chat.now.items.some((item) => item.author === "customer");
    if (!said || this.chat.now.phase === "ended") {
      this.minimise();
      return;
    }
    const yes = h(
      "button",
      { class: "button main", type: "button", onclick: () => this.end() },
      this.words.t("closeYes"),
    );
    const no = h(
      "button",
      { class: "button", type: "button", onclick: () => this.keepChatting() },
      this.words.t("closeNo"),
    );
    this.ask.replaceChildren(h("p", {}, this.words.t("closeAsk")), no, yes);
    this.ask.hidden = false;
    no.focus();
  }

  end() {
    this.ask.hidden = true;
    this.chat.end();
    this.log.focus();
  }

  keepChatting() {
    this.ask.hidden = true;
    this.composer.text.focus();
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (this.ask.hidden) this.minimise();
    else this.keepChatting();
  }

  countUnread() {
    if (this.panel.hidden) this.unread += 1;
  }

  // On a phone the keyboard covers fixed elements; only the visual viewport knows what is left.
  fitKeyboard() {
    const height = window.visualViewport?.height;
    if (height) this.element.style.setProperty("--seen-height", `${Math.round(height)}px`);
  }
}

const LINKS = { connecting: "statusConnecting", lost: "statusLost", refused: "statusRefused" };
const PHASES = {
  idle: ({ words }) => ["none", words.t("statusConnecting")],
  ai: ({ now, words }) => ["ai", now.aiName ? words.t("named", { name: now.aiName }) : words.t("assistant")],
  passing: ({ words }) => ["wait", words.t("statusPassing")],
  waiting: ({ now, words }) => [
    "wait",
    now.queue ? words.t("statusWaiting", { queue: now.queue }) : words.t("statusWaitingAny"),
  ],
  human: ({ now, words }) => {
    const name = firstName(now.agent?.name ?? "") || words.t("aPerson");
    return ["human", words.t(now.queue ? "statusHumanQueue" : "statusHuman", { name, queue: now.queue })];
  },
  elsewhere: ({ now, words }) => [
    "human",
    now.queue ? words.t("statusElsewhere", { queue: now.queue }) : words.t("statusElsewhereAny"),
  ],
  message: ({ words }) => ["wait", words.t("statusMessage")],
  ended: ({ words }) => ["none", words.t("statusEnded")],
};

const describe = ({ now, link }, words) => {
  if (LINKS[link] && now.phase !== "ended")
    return { tone: link === "lost" ? "wait" : "none", text: words.t(LINKS[link]) };
  const [tone, text] = PHASES[now.phase]({ now, words });
  return { tone, text };
};

const action = (panel, key) =>
  h("button", { class: "button", type: "button", onclick: () => panel.chat.open() }, panel.words.t(key));

const BANNERS = {
  lost: ({ chat, words }, lostFor) => [
    h("p", {}, words.t(chat.now.pending.length ? "lostWaiting" : "lost", { time: words.duration(0, lostFor) })),
  ],
  refused: (panel) => [h("p", {}, panel.words.t("refused")), action(panel, "tryAgain")],
  replaced: (panel) => [h("p", {}, panel.words.t("replaced")), action(panel, "continueHere")],
  closed: (panel) => [h("p", {}, panel.words.t("refused")), action(panel, "tryAgain")],
};
