// The palette: Ctrl+K or Cmd+K from anywhere, even out of a field. The focus stays in its field; arrows choose.
const MAC = /mac|iphone|ipad/i.test(navigator.platform);

export function startPalette() {
  for (const key of document.querySelectorAll("[data-mod]")) if (MAC) key.textContent = "⌘";
  document.addEventListener("keydown", (event) => {
    const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!wanted || !document.getElementById("palette")) return;
    event.preventDefault();
    toggle();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens-palette]")) openPalette();
  });
}

// Another dialog keeps what it asks: there is never one on top of another.
export function openPalette() {
  const found = document.getElementById("palette");
  if (!found || document.querySelector("dialog[open]")) return;
  found.showModal();
  const field = found.querySelector("input");
  field.select();
  field.dispatchEvent(new CustomEvent("hs:palette"));
}

function toggle() {
  const found = document.getElementById("palette");
  if (found.open) found.close();
  else openPalette();
}

export function palette(dialog) {
  const field = dialog.querySelector("input");
  const status = dialog.querySelector("[data-palette-status]");
  let goesWhenFound = false;

  const hits = () => [...dialog.querySelectorAll("[role=option]")];
  const chosen = () => hits().find((hit) => hit.getAttribute("aria-selected") === "true");
  const isFresh = () => dialog.querySelector("#palette-list").dataset.asked === field.value.trim().replace(/\s+/g, " ");
  const go = (hit) => hit && window.location.assign(hit.dataset.href);

  function choose(wanted) {
    for (const hit of hits()) hit.setAttribute("aria-selected", String(hit === wanted));
    if (wanted) field.setAttribute("aria-activedescendant", wanted.id);
    else field.removeAttribute("aria-activedescendant");
    wanted?.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = hits();
    if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  }

  const KEYS = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => {
      goesWhenFound = !isFresh();
      if (!goesWhenFound) go(chosen());
    },
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  dialog.addEventListener("htmx:afterSwap", () => {
    const all = hits();
    choose(all[0]);
    status.textContent = all.length ? dialog.querySelector("#palette-list").dataset.said : dialog.dataset.none;
    status.classList.toggle("visually-hidden", all.length > 0);
    if (goesWhenFound) KEYS.Enter();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-closes]")) dialog.close();
    go(event.target.closest("[role=option]"));
  });
  dialog.addEventListener("close", () => (goesWhenFound = false));
}
