// Reply or note in one box. Ctrl/Cmd-Enter sends; what was sent is cleared, what was refused stays.
export function composer(box) {
  const form = box.querySelector("form");
  const text = form.elements.text;
  const choose = (mode) => setMode(box, form, mode);

  box.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-mode-tab]");
    if (!tab) return;
    choose(tab.dataset.modeTab);
    text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("htmx:configRequest", (event) => {
    if (!text.value.trim()) event.preventDefault();
    event.detail.path = form.dataset[`${box.dataset.mode}Url`];
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    // A refusal (409, 422) is swapped in too, so htmx calls it successful: only 2xx means sent.
    if (event.detail.elt === form && isDone(event.detail.xhr)) sent(form, text);
  });
  form.elements.client_id.value ||= newId();
  choose(box.dataset.mode);
}

const isDone = (xhr) => xhr.status >= 200 && xhr.status < 300;

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

// A new id for the next message: a repeat of the same id is the same message to the server.
function sent(form, text) {
  text.value = "";
  form.elements.client_id.value = newId();
  document.getElementById("composer-problem")?.replaceChildren();
}
