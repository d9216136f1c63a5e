// The inbox page: which conversation is open, keys j and k, and a list that does not move under the pointer.
import { holdList } from "./inbox-list.js";

export function inbox(page) {
  let socket = null;
  const mark = () => markRow(page, page.querySelector("#conversation")?.dataset.conversationId);
  const open = () => {
    const shown = page.querySelector("#conversation[data-conversation-id]");
    mark();
    document.body.dataset.pane = shown ? "conversation" : "list";
    if (shown && socket) socket.send(openMessage(shown), page);
  };
  page.addEventListener("htmx:wsOpen", (event) => {
    socket = event.detail.socketWrapper;
    open();
  });
  page.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "conversation") open();
  });
  page.addEventListener("htmx:oobAfterSwap", mark);
  document.addEventListener("hs:list", mark);
  page.addEventListener("htmx:oobBeforeSwap", dropRepeats);
  page.addEventListener("htmx:oobBeforeSwap", keepForms);
  page.addEventListener("htmx:oobBeforeSwap", keepAsking);
  page.addEventListener("click", (event) => {
    if (event.target.closest("[data-toggles-context]")) toggleContext(page);
  });
  document.addEventListener("hs:key", (event) => step(page, { j: 1, k: -1 }[event.detail.key]));
  holdList(page.querySelector("#inbox-list-pane"));
}

// The server answers with every event after the last one this page holds.
function openMessage(shown) {
  const events = shown.querySelectorAll("[data-sequence]");
  const after = Math.max(Number(shown.dataset.lastSequence) || 0, ...[...events].map((event) => Number(event.dataset.sequence)));
  return JSON.stringify({ type: "open", conversation_id: shown.dataset.conversationId, after });
}

function markRow(page, conversationId) {
  for (const link of page.querySelectorAll(".hs-listrow > a")) {
    if (conversationId && link.parentElement.id === `row-${conversationId}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// An answer to a post and the socket may both bring the same event: the first one stands.
function dropRepeats(event) {
  // A transcript that comes whole takes the place of the old one.
  if (event.target.id !== "transcript" || event.detail.fragment.querySelector("#transcript")) return;
  for (const turn of [...event.detail.fragment.querySelectorAll("[id^=event-]")]) {
    if (document.getElementById(turn.id)) turn.remove();
  }
}

// Composer and close dialog stay under the hands that fill them in, as long as the conversation has the same owner.
function keepForms(event) {
  const { target, detail } = event;
  if (!["composer", "closing"].includes(target.id)) return;
  const incoming = detail.fragment.querySelector(`#${target.id}`);
  if (incoming?.dataset.epoch === target.dataset.epoch) detail.shouldSwap = false;
}

// A row or button whose request is on its way stays in the page with new words: htmx looks from there for what the
// answer brings beside its target.
function keepAsking({ target, detail }) {
  const asking = target.matches(".htmx-request") ? target : target.querySelector(":scope > .htmx-request");
  const incoming = asking && detail.fragment.querySelector(`#${CSS.escape(target.id)}`);
  if (!incoming) return;
  const fresh = asking === target ? incoming : incoming.firstElementChild;
  asking.replaceChildren(...fresh.childNodes);
  detail.shouldSwap = false;
}

function toggleContext(page) {
  if (page.dataset.context === "open") delete page.dataset.context;
  else page.dataset.context = "open";
}

function step(page, by) {
  if (!by) return;
  const links = [...page.querySelectorAll(".hs-listrow > a")];
  const at = links.findIndex((link) => link === document.activeElement || link.hasAttribute("aria-current"));
  const focused = links.indexOf(document.activeElement);
  const next = links[Math.min(links.length - 1, Math.max(0, (focused >= 0 ? focused : at) + by))];
  next?.focus();
}
