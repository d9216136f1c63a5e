// Single keys, only when no field has the focus and no dialog is open; they can be turned off.
import { openDialog } from "./dialogs.js";
import { openPalette } from "./palette.js";

const OFF = "hs_keys_off";
const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const SECOND_KEY_WITHIN_MS = 1500;
let goUntil = 0;

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.(FIELDS)) event.target.blur();
    if (ignores(event)) return;
    if (goUntil > event.timeStamp) goTo(event);
    else if (OWN[event.key]) OWN[event.key](event);
    else pressed(event);
  });
}

const OWN = {
  "?": () => openDialog("keys-dialog"),
  "/": (event) => search(event),
  g: (event) => (goUntil = event.timeStamp + SECOND_KEY_WITHIN_MS),
};

function ignores(event) {
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  return busy || event.target.matches?.(FIELDS) || document.querySelector("dialog[open]") || localStorage.getItem(OFF);
}

// `g` and a letter: the page whose link says `data-go`, wherever it stands. Any other second key does nothing.
function goTo(event) {
  goUntil = 0;
  const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  window.location.assign(link.href);
}

// The page's own search field, or the palette.
function search(event) {
  event.preventDefault();
  const field = [...document.querySelectorAll("main input[type=search]")].find((input) => input.checkVisibility());
  if (field) field.focus();
  else openPalette();
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
