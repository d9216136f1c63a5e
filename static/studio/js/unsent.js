// What was typed survives a reload, another conversation opened between, and a change of hands; not a log-out.
const PREFIX = "hs_unsent_";

// Returns what to call when the text changes without an `input` event.
export function keepUnsent(box, text) {
  const key = PREFIX + box.closest("[data-conversation-id]")?.dataset.conversationId;
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept && !text.value) {
    text.value = kept.text;
    box.dataset.mode = kept.mode;
  }
  const keep = () => {
    if (text.value) sessionStorage.setItem(key, JSON.stringify({ text: text.value, mode: box.dataset.mode }));
    else sessionStorage.removeItem(key);
  };
  text.addEventListener("input", keep);
  return keep;
}

export function logout(form) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  });
}
