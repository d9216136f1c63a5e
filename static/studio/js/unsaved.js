// A form that is worth keeping: counts what was changed, saves with Ctrl+S, and asks before the page is left.
//
//   <form data-controller="unsaved"> … <output data-unsaved data-none="…" data-one="…" data-many="{number} …">
export function unsaved(form) {
  const shown = form.querySelector("[data-unsaved]");
  const before = formText(form);
  let sending = false;

  const count = () => [...formText(form)].reduce((sum, [name, value]) => sum + (before.get(name) !== value), missing());
  const missing = () => [...before.keys()].filter((name) => !new FormData(form).has(name) && before.get(name)).length;
  const tell = () => shown && (shown.textContent = words(shown, count()));

  form.addEventListener("input", tell);
  form.addEventListener("change", tell);
  form.addEventListener("htmx:afterSettle", tell);
  form.addEventListener("submit", () => (sending = true));
  form.querySelector("[data-discards]")?.addEventListener("click", () => (sending = true));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || !form.isConnected) return;
    event.preventDefault();
    form.requestSubmit();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && form.isConnected && count()) event.preventDefault();
  });
  tell();
}

function formText(form) {
  const text = new Map();
  for (const [name, value] of new FormData(form)) text.set(name, `${text.get(name) ?? ""}${value}\n`);
  return text;
}

function words(shown, number) {
  const { none, one, many } = shown.dataset;
  return number === 0 ? none : number === 1 ? one : many.replace("{number}", number);
}
