// Single keys, only when no field has the focus and no dialog is open; they can be turned off.
import { openDialog } from "./dialogs.js";

const OFF = "hs_keys_off";
const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.(FIELDS)) event.target.blur();
    if (ignores(event)) return;
    if (event.key === "?") openDialog("keys-dialog");
    else pressed(event);
  });
}

function ignores(event) {
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  return busy || event.target.matches?.(FIELDS) || document.querySelector("dialog[open]") || localStorage.getItem(OFF);
}

// An element names its own key with `data-key`; what is hidden or disabled does not answer.
function pressed(event) {
  const wanted = `[data-key="${CSS.escape(event.key)}"]:not(:disabled)`;
  const target = [...document.querySelectorAll(wanted)].find((element) => element.checkVisibility());
  if (target) {
    event.preventDefault();
    target.click();
    return;
  }
  document.dispatchEvent(new CustomEvent("hs:key", { detail: { key: event.key, event } }));
}

export function keysSwitch(label) {
  const box = label.querySelector("input");
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
}
