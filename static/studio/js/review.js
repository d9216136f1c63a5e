// A review page: the verdict saves as it is chosen, h jumps to the handoff, j and k walk through the turns.
export function review(page) {
  page.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-saves]");
    if (form?.reportValidity()) form.requestSubmit();
  });
  page.addEventListener("click", (event) => {
    if (event.target.closest("[data-jumps-to-handoff]")) jump(page);
  });
  document.addEventListener("hs:key", (event) => {
    const by = { j: 1, k: -1 }[event.detail.key];
    if (by) walk(page, by);
    if (event.detail.key === "h") jump(page);
  });
}

function jump(page) {
  page.querySelector(".hs-handoff")?.scrollIntoView({ block: "center" });
}

function walk(page, by) {
  const turns = [...page.querySelectorAll(".hs-mark-turn")];
  const at = turns.findIndex((turn) => turn.hasAttribute("aria-current"));
  const next = turns[Math.min(turns.length - 1, Math.max(0, at + by))];
  turns[at]?.removeAttribute("aria-current");
  next?.setAttribute("aria-current", "true");
  next?.scrollIntoView({ block: "nearest" });
}
