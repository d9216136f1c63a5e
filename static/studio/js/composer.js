// Reply or note in one box. Ctrl/Cmd-Enter sends; what was refused or did not arrive comes back into the field.
import { keepUnsent } from "./unsent.js";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

export function composer(box) {
  if (isApple) for (const chord of box.querySelectorAll("[data-chord]")) chord.textContent = "⌘↵";
  const form = box.querySelector("form");
  const text = form.elements.text;
  form.elements.client_id.value ||= newId();
  const keep = keepUnsent(box, text);
  setMode(box, form, box.dataset.mode);

  box.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-mode-tab]");
    if (!tab) return;
    setMode(box, form, tab.dataset.modeTab);
    keep();
    text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  sendFrom(box, form, keep);
}

// The field is free for the next message at once; until the answer is there the sent one is only set aside.
function sendFrom(box, form, keep) {
  const { text, client_id: clientId } = form.elements;
  let underWay = null;
  form.addEventListener("htmx:configRequest", (event) => {
    if (!text.value.trim()) return event.preventDefault();
    event.detail.path = form.dataset[`${box.dataset.mode}Url`];
    underWay = { text: text.value, clientId: clientId.value, mode: box.dataset.mode };
    text.value = "";
    clientId.value = newId();
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || !underWay) return;
    if (isDone(event.detail.xhr)) document.getElementById("composer-problem")?.replaceChildren();
    else takeBack(box, form, underWay);
    underWay = null;
    keep();
  });
}

// A refusal (409, 422) is swapped in too, so htmx calls it successful: only 2xx means sent.
const isDone = (xhr) => xhr.status >= 200 && xhr.status < 300;

// The same id again, so that a message that did arrive is not sent twice; what was a note never becomes a reply.
function takeBack(box, form, unsent) {
  const { text, client_id: clientId } = form.elements;
  const hasNote = unsent.mode === "note" || (text.value && box.dataset.mode === "note");
  if (!text.value) clientId.value = unsent.clientId;
  text.value = [unsent.text, text.value].filter(Boolean).join("\n");
  setMode(box, form, hasNote ? "note" : "reply");
}

function setMode(box, form, mode) {
  box.dataset.mode = mode;
  for (const tab of box.querySelectorAll("[data-mode-tab]")) {
    const chosen = tab.dataset.modeTab === mode;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  for (const part of box.querySelectorAll("[data-for-mode]")) part.hidden = part.dataset.forMode !== mode;
  form.elements.text.setAttribute("aria-label", form.dataset[`${mode}Label`]);
}

// Not crypto.randomUUID: browsers keep that from pages served without TLS.
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
