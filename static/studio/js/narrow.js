// A search field that leaves of a list what holds the words: `data-narrows` on the field, `data-narrowed` on each item.
export function narrow(root) {
  const field = root.querySelector("[data-narrows]");
  const items = [...root.querySelectorAll("[data-narrowed]")];
  const empty = root.querySelector("[data-narrow-empty]");
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.dataset.narrowed.toLowerCase().includes(wanted);
    empty.hidden = items.some((item) => !item.hidden);
  });
  // Enter in a search field must not send the form around it.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
