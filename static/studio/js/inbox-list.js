// Rows never move while the pointer or the focus is in the list: a new order waits behind a pill at the top.
export function holdList(pane) {
  if (!pane) return;
  let held = null;
  const busy = () => pane.matches(":hover") || pane.contains(document.activeElement);

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.target.id !== "inbox-list") return;
    const incoming = event.detail.fragment.querySelector("#inbox-list") ?? event.detail.fragment.firstElementChild;
    if (!incoming || !busy() || order(incoming) === order(event.target)) return;
    held = incoming.cloneNode(true);
    event.detail.shouldSwap = false;
    updateInPlace(event.target, incoming);
    showPill(pane, event.target, incoming);
  });
  const release = () => {
    if (!held || !pane.isConnected) return;
    document.getElementById("inbox-list").replaceWith(held);
    window.htmx.process(held);
    pane.querySelector("[data-list-pill]").hidden = true;
    held = null;
    document.dispatchEvent(new CustomEvent("hs:list"));
  };
  pane.addEventListener("pointerleave", () => !busy() && release());
  pane.addEventListener("focusout", () => setTimeout(() => !busy() && release()));
  pane.querySelector("[data-list-pill]").addEventListener("click", release);
}

const rowsOf = (list) => [...list.querySelectorAll(".hs-listrow")];
const order = (list) => rowsOf(list).map((row) => row.id).join(" ");

function updateInPlace(list, incoming) {
  for (const row of rowsOf(list)) {
    const fresh = incoming.querySelector(`#${CSS.escape(row.id)}`);
    if (!fresh || row.contains(document.activeElement)) continue;
    const copy = fresh.cloneNode(true);
    row.replaceWith(copy);
    window.htmx.process(copy);
  }
}

function showPill(pane, list, incoming) {
  const known = new Set(rowsOf(list).map((row) => row.id));
  const fresh = rowsOf(incoming).filter((row) => !known.has(row.id)).length;
  const pill = pane.querySelector("[data-list-pill]");
  pill.hidden = false;
  pill.querySelector("[data-list-pill-count]").textContent = fresh || "";
  pill.dataset.fresh = String(fresh > 0);
}
