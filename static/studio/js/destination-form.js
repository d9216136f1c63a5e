// The form of a destination: parts come and go with what is chosen, and keep what they hold. Which parts a method has
// on a line is in `data-shown`, as the server worked it out.
export function destinationForm(form) {
  const byLine = JSON.parse(form.dataset.shown);

  form.addEventListener("change", show);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-uses-method]");
    if (button) choose(button.dataset.usesMethod);
  });
  show();

  function choose(method) {
    const radio = form.querySelector(`[name=method][value=${method}]`);
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function show() {
    const line = byLine[valueOf("line_key")] ?? byLine[""];
    const method = allowed(line);
    const parts = line.fields[method];
    for (const part of form.querySelectorAll("[data-part]")) part.hidden = !isShown(part.dataset.part, parts);
    for (const hint of form.querySelectorAll("[data-for-method]")) hint.hidden = hint.dataset.forMethod !== method;
  }

  // A line that locks the method leaves one to choose, and it is chosen.
  function allowed(line) {
    for (const label of form.querySelectorAll("[data-method]")) label.hidden = !line.methods.includes(label.dataset.method);
    const chosen = form.querySelector("[name=method]:checked");
    if (chosen && line.methods.includes(chosen.value)) return chosen.value;
    form.querySelector(`[name=method][value=${line.methods[0]}]`).checked = true;
    return line.methods[0];
  }

  function isShown(part, parts) {
    if (part === "has_voice" || part === "has_text") return form.elements[part].checked;
    if (part === "client") return valueOf("desk_key") === "client";
    if (part === "retry") return valueOf("after_timeout") === "retry";
    if (part === "out_of_hours") return valueOf("schedule_key") !== "";
    return parts.includes(part);
  }

  function valueOf(name) {
    return form.elements[name]?.value ?? "";
  }
}
