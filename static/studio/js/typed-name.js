// A form that deletes: its button works once the name was typed; the server checks again.
export function typedName(form) {
  const typed = form.querySelector("[name=typed]");
  const button = form.querySelector("[data-confirms]");
  if (!typed || !button) return;
  const matches = () => typed.value.trim() === form.dataset.name.trim();
  typed.addEventListener("input", () => button.setAttribute("aria-disabled", String(!matches())));
  form.addEventListener("submit", (event) => {
    if (matches()) return;
    event.preventDefault();
    typed.focus();
  });
}
