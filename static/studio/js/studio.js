// Attaches the small modules to `data-controller` attributes, on the page and on everything htmx brings in later.
import { startClocks } from "./clocks.js";
import { clears } from "./clears.js";
import { composer } from "./composer.js";
import { connection } from "./connection.js";
import { copy } from "./copy.js";
import { startCountdowns } from "./countdowns.js";
import { destinationForm } from "./destination-form.js";
import { dialog, startDialogs } from "./dialogs.js";
import { drafts } from "./drafts.js";
import { focus } from "./focus.js";
import { inbox } from "./inbox.js";
import { inboxSocket } from "./inbox-socket.js";
import { keysSwitch, startKeys } from "./keys.js";
import { login } from "./login.js";
import { offers } from "./offers.js";
import { palette, startPalette } from "./palette.js";
import { popup } from "./popup.js";
import { narrow } from "./narrow.js";
import { review } from "./review.js";
import { rows } from "./rows.js";
import { tabs } from "./tabs.js";
import { theme } from "./theme.js";
import { toasts } from "./toasts.js";
import { transcript } from "./transcript.js";
import { typedName } from "./typed-name.js";
import { unsaved } from "./unsaved.js";
import { variables } from "./variables.js";
import { logout } from "./unsent.js";
import { addHours, copyDay, hours } from "./week-grid.js";

const CONTROLLERS = {
  "add-hours": addHours,
  clears,
  composer,
  connection,
  copy,
  "copy-day": copyDay,
  "destination-form": destinationForm,
  dialog,
  drafts,
  focus,
  hours,
  inbox,
  "inbox-socket": inboxSocket,
  "keys-switch": keysSwitch,
  login,
  logout,
  narrow,
  offers,
  palette,
  popup,
  review,
  rows,
  tabs,
  theme,
  toasts,
  transcript,
  "typed-name": typedName,
  unsaved,
  variables,
};
const attached = new WeakSet();

function attach(root) {
  const inside = [...root.querySelectorAll("[data-controller]")];
  for (const element of root.matches?.("[data-controller]") ? [root, ...inside] : inside) {
    if (attached.has(element)) continue;
    attached.add(element);
    for (const name of element.dataset.controller.split(" ")) CONTROLLERS[name](element);
  }
}

startClocks();
startCountdowns();
startDialogs();
startKeys();
startPalette();
attach(document);
document.addEventListener("htmx:load", (event) => attach(event.target));
