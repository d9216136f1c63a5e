/* Draws the conversation's items into the log: only what changed, so that screen readers hear each thing once. */
import { h, icon, outside, wayUrl } from "./dom.js";
import { fillMeta, firstName, turn, writing } from "./turns.js";
import { waitCard } from "./waiting.js";

const NEAR_END_PX = 80;

export class Transcript {
  constructor({ log, chat, words }) {
    Object.assign(this, { log, chat, words, drawn: new Map() });
    this.tail = h("div", { class: "tail" });
    log.append(this.tail);
  }

  draw() {
    const stay = this.atEnd();
    const { now } = this.chat;
    const items = [...now.items, ...now.pending];
    this.dropGone(items);
    items.forEach((item, n) => this.place(item, n, items));
    this.drawTail(now, items.at(-1));
    if (stay || items.length !== this.count) this.scrollIfWanted(stay, items.at(-1));
    this.count = items.length;
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END_PX;
  }

  // Whoever reads further up is left there, unless they just wrote something themselves.
  scrollIfWanted(stay, newest) {
    const wrote = newest?.author === "customer" && this.count !== undefined;
    if (stay || wrote) this.log.scrollTop = this.log.scrollHeight;
  }

  dropGone(items) {
    const keys = new Set(items.map((item) => item.key));
    for (const [key, { element }] of this.drawn) {
      if (keys.has(key)) continue;
      element.remove();
      this.drawn.delete(key);
    }
  }

  place(item, n, items) {
    const context = this.contextOf(item, n, items);
    const known = this.drawn.get(item.key);
    const element = known && this.isSame(known, item, context) ? known.element : this.build(item, context, known);
    const before = n === 0 ? null : this.drawn.get(items[n - 1].key).element;
    const wanted = before ? before.nextSibling : this.log.firstChild;
    if (wanted !== element) this.log.insertBefore(element, wanted);
    if (item.kind === "message") fillMeta(element, item, this.words, context);
    this.drawn.set(item.key, { element, item, stamp: this.stamp(context) });
  }

  contextOf(item, n, items) {
    const [before, after] = [items[n - 1], items[n + 1]];
    const sameRun = (other) => other?.kind === "message" && other.author === item.author && other.name === item.name;
    return {
      firstOfRun: !sameRun(before),
      lastOfRun: !sameRun(after),
      newestOwn: !items.slice(n + 1).some((later) => later.author === "customer" && later.status === "delivered"),
      live: this.chat.link === "live",
      onRetry: () => this.chat.retry(item.key),
      cancel: item.kind === "wait" && !item.outcome && item.step > 0 && this.chat.cancelOffered,
      needsNext: item.kind === "wait" && this.needsNext(item, items.slice(n + 1)),
      isNewestWay: item.kind === "way" && this.chat.now.phase === "elsewhere",
    };
  }

  // What happens after a time-out is the server's to say; we say it only where it said nothing.
  needsNext({ outcome }, later) {
    return (
      ["timeout", "failed"].includes(outcome) && this.chat.now.phase === "message" && !later.some((item) => item.text)
    );
  }

  stamp({ firstOfRun, cancel, needsNext, isNewestWay }) {
    return `${firstOfRun} ${cancel} ${needsNext} ${isNewestWay} ${this.words.locale}`;
  }

  isSame(known, item, context) {
    const words = ({ kind, text, id, attachments }) => `${kind} ${id} ${text} ${attachments?.length}`;
    const unchanged = item.kind === "message" ? words(known.item) === words(item) : known.item === item;
    return unchanged && known.stamp === this.stamp(context);
  }

  build(item, context, known) {
    const element = BUILDERS[item.kind](item, this, context);
    if (!known) return element;
    // It was there before: it grows, it does not appear.
    element.classList.remove("fresh");
    known.element.replaceWith(element);
    return element;
  }

  drawTail(now, newest) {
    const typist = now.typing && now.agent ? ["human", now.agent.name] : now.thinking ? ["ai", now.aiName] : null;
    const suggestions =
      !typist && newest?.kind === "message" && newest.author !== "customer" && now.phase !== "ended"
        ? (newest.suggestions ?? [])
        : [];
    const stamp = JSON.stringify([typist, suggestions, newest?.key, this.words.locale]);
    if (stamp === this.tailStamp) return;
    this.tailStamp = stamp;
    this.tail.replaceChildren(
      ...(typist ? [writing(...typist, this.words)] : []),
      ...(suggestions.length ? [this.chips(suggestions)] : []),
    );
  }

  chips(suggestions) {
    const chip = ({ message_text }) =>
      h("button", { class: "chip", type: "button", onclick: () => this.chat.say(message_text) }, message_text);
    return h(
      "div",
      { class: "chips", role: "group", "aria-label": this.words.t("suggestions") },
      suggestions.filter((one) => one.message_text).map(chip),
    );
  }
}

const note = (text, isError = false) => h("p", { class: isError ? "note error fresh" : "note fresh" }, text);

const noticeText = ({ text, id, values, at }, words) => {
  if (!id) return text;
  const name = id === "aiBack" ? values.name : firstName(values.name ?? "") || words.t("aPerson");
  return words.t(id, { ...values, name: name || words.t("assistant"), at: at ? words.time(at) : "" });
};

const waitFrame = (item, { words, chat }, context) => {
  const cancel = h("button", { class: "link", type: "button", onclick: () => chat.cancelHandoff() }, words.t("cancel"));
  const below = () => {
    if (context.needsNext) return note(words.t(item.queue ? "messageNextQueue" : "messageNext", { queue: item.queue }));
    if (item.outcome) return null;
    return h("p", { class: "note" }, words.t("keepWriting"), context.cancel && " ", context.cancel && cancel);
  };
  return h("div", {}, waitCard(item, words, chat.now.aiName), below());
};

// The way to a person the page itself has to take the customer to; gone once something came of it.
const way = ({ route, queue, handoffId }, { words, chat }, { isNewestWay }) => {
  const url = wayUrl(route);
  const go = words.t(queue ? "goThere" : "goThereAny", { queue });
  const props = { class: "button main", onclick: () => chat.reportHandoff("completed", "", handoffId) };
  const didNot = { class: "link", type: "button", onclick: () => chat.reportHandoff("failed", "", handoffId) };
  return h(
    "div",
    { class: "way fresh", hidden: !isNewestWay },
    url && outside(url, props, go, icon("link")),
    h("button", didNot, words.t("didNotWork")),
  );
};

const BUILDERS = {
  way,
  message: (item, { words }, context) => turn(item, words, context),
  wait: waitFrame,
  notice: (item, { words }) => note(noticeText(item, words), item.isError),
};
