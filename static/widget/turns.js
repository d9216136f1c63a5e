/* One turn of the transcript: bubble, what hangs on it, and the line below. */
import { h, icon, outside, safeUrl, withLinks } from "./dom.js";

export const firstName = (name) => name.trim().split(/\s+/)[0] ?? "";

export const initials = (name) => {
  const parts = name.trim().split(/\s+/).filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return letters.map((part) => [...part][0].toLocaleUpperCase()).join("");
};

const face = (name) => h("span", { class: "face", "aria-hidden": "true" }, initials(name));

const AUTHORS = {
  customer: (_item, words) => words.t("you"),
  ai: (item, words) => aiLabel(item.name, words),
  human: (item, words) => item.name || words.t("aPerson"),
};

const aiLabel = (name, words) => (name ? words.t("named", { name }) : words.t("assistant"));

/** A turn without its meta line, which changes while the words stay. */
export const turn = (item, words, { firstOfRun }) => {
  const speaker = h("span", { class: "unseen" }, `${AUTHORS[item.author](item, words)}: `);
  return h(
    "div",
    { class: `turn fresh${firstOfRun ? "" : " joined-up"}`, "data-author": item.author },
    item.author === "human" && firstOfRun && face(item.name || words.t("aPerson")),
    item.text && h("div", { class: "bubble" }, speaker, withLinks(item.text)),
    (item.attachments ?? []).map((attachment) => attached(attachment, words)),
    (item.calls ?? []).map((call) => callTile(call)),
    h("div", { class: "meta" }),
  );
};

/** Fills the meta line: who speaks, when, and for our own words whether they arrived. */
export const fillMeta = (element, item, words, { lastOfRun, newestOwn, live, onRetry }) => {
  const meta = element.querySelector(".meta");
  meta.replaceChildren(...metaParts(item, words, { lastOfRun, newestOwn, live, onRetry }));
};

const metaParts = (item, words, { lastOfRun, newestOwn, live, onRetry }) => {
  if (item.author === "customer") return receipt(item, words, { newestOwn, live, onRetry });
  if (!lastOfRun) return [];
  if (item.author === "ai") return [icon("sparkles", 12), aiLabel(item.name, words)];
  return [`${firstName(item.name) || words.t("aPerson")}, ${words.time(item.at)}`];
};

const receipt = (item, words, { newestOwn, live, onRetry }) => {
  if (item.status === "late") {
    const again = h("button", { class: "link", type: "button", onclick: onRetry }, words.t("tryAgain"));
    return [h("span", { class: "late" }, icon("alert", 12), words.t("late")), again];
  }
  if (item.status === "sending") return [words.t(live ? "sending" : "waitingToSend")];
  return newestOwn ? [words.t("delivered")] : [];
};

const attached = (attachment, words) => {
  const url = safeUrl(attachment.content_url);
  const picture = safeUrl(attachment.preview_image_url) ?? (attachment.content_type?.endsWith("IMAGE") ? url : null);
  const link = url && linkTile(url, attachment, words);
  return picture ? pictureTile(picture, url, attachment, words, link) : link;
};

const linkTile = (url, { title, call_to_action_text }, words) =>
  outside(
    url,
    { class: "tile" },
    icon("link"),
    h("span", { class: "name" }, title || new URL(url).hostname),
    h("span", { class: "do" }, call_to_action_text || words.t("open")),
  );

const pictureTile = (picture, url, { title }, words, fallback) => {
  const image = h("img", {
    src: picture,
    alt: title || words.t("picture"),
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
  const tile = outside(url ?? picture, { class: "picture" }, image);
  // The shop's policy may forbid foreign pictures; the link still leads there.
  image.addEventListener("error", () => tile.replaceWith(fallback ?? linkTile(picture, { title }, words)));
  return tile;
};

const callTile = ({ title, contact_number }) =>
  h(
    "a",
    { class: "tile", href: `tel:${String(contact_number).replace(/[^\d+*#]/g, "")}` },
    icon("phone"),
    h("span", { class: "name" }, title || contact_number),
  );

/** Three dots of somebody writing. */
export const writing = (author, name, words) =>
  h(
    "div",
    { class: "turn", "data-author": author },
    author === "human" && face(name || words.t("aPerson")),
    h(
      "div",
      { class: "bubble dots" },
      h(
        "span",
        { class: "unseen" },
        words.t("writing", { name: author === "ai" ? aiLabel(name, words) : firstName(name) || words.t("aPerson") }),
      ),
      h("i"),
      h("i"),
      h("i"),
    ),
  );
