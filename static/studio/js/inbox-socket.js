// What the inbox page says to its socket, and what it makes of the answers beside swapping them in.
const TYPING_EVERY = 3000;
const TYPING_LASTS = 8000;
const SETTLES_IN = 800;

export function inboxSocket(page) {
  let socket = null;
  let opened = 0;
  page.addEventListener("htmx:wsOpen", (event) => {
    socket = event.detail.socketWrapper;
    opened += 1;
    if (opened > 1) countRecovered(page);
  });
  page.addEventListener("htmx:wsBeforeMessage", dropLate);
  page.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.target.id === "typing") forgetTyping();
  });
  page.addEventListener("input", throttled((event) => {
    const box = event.target.closest("[data-mode=reply]");
    if (box && socket) socket.send(typingMessage(box), page);
  }));
}

// A fragment names its conversation; what comes after another one was opened is too late.
function dropLate(event) {
  const [, of] = /^<!--of:([0-9a-f-]{36})-->/.exec(event.detail.message) ?? [];
  const shown = document.getElementById("conversation")?.dataset.conversationId;
  if (of && of !== shown) event.preventDefault();
}

function typingMessage(box) {
  const epoch = Number(box.querySelector("[name=epoch]").value);
  return JSON.stringify({ type: "typing", epoch, state: "TYPING_STATE_STARTED" });
}

function throttled(action) {
  let next = 0;
  return (event) => {
    if (Date.now() < next) return;
    next = Date.now() + TYPING_EVERY;
    action(event);
  };
}

// Whoever leaves without a word has stopped typing.
let typingTimer;
function forgetTyping() {
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => {
    const line = document.getElementById("typing");
    if (line) line.hidden = true;
  }, TYPING_LASTS);
}

// After a reconnect: how many rows and turns are new against what stood here before.
function countRecovered(page) {
  const before = standing(page);
  setTimeout(() => {
    const recovered = [...standing(page)].filter((item) => !before.has(item)).length;
    if (recovered) say(`${page.dataset.recovered} ${recovered}`);
  }, SETTLES_IN);
}

function standing(page) {
  const rows = [...page.querySelectorAll("[data-sequence-of-row]")].map((row) => `${row.id} ${row.dataset.sequenceOfRow}`);
  return new Set([...rows, ...[...page.querySelectorAll("[id^=event-]")].map((turn) => turn.id)]);
}

function say(text) {
  const toast = document.createElement("div");
  toast.className = "hs-toast hs-toast--info";
  toast.dataset.fades = "";
  toast.textContent = text;
  document.getElementById("toasts").append(toast);
}
