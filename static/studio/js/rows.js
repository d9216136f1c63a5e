// A list of form rows: add out of the <template>, remove, reorder by the handle, its keys or the row's buttons.
// Django's formset counts by the management form, so rows are renumbered in the order they stand.
//
//   <div data-controller="rows" data-prefix="headers">   the formset's prefix
//     <input type="hidden" name="headers-TOTAL_FORMS">   (management form)
//     <ol data-rows> <li data-row> … <button data-removes> <button data-moves="-1"> </li> </ol>
//     <template> one <li data-row> with __prefix__ in its names </template>
//     <button type="button" data-adds>                     or data-adds="email", of <template data-of="email">
//   </div>
export function rows(element) {
  const list = element.querySelector("[data-rows]");
  const prefix = element.dataset.prefix;
  const total = element.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);

  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-adds], [data-removes], [data-moves]");
    if (!button) return;
    if ("adds" in button.dataset) add(button.dataset.adds);
    else if ("removes" in button.dataset) remove(rowOf(button));
    else move(rowOf(button), Number(button.dataset.moves), button);
  });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey || !rowOf(event.target)) return;
    event.preventDefault();
    move(rowOf(event.target), step, event.target);
  });
  letDrag(list, renumber);

  function add(kind) {
    const template = element.querySelector(kind ? `template[data-of="${kind}"]` : "template:not([data-of])");
    const row = template.content.firstElementChild.cloneNode(true);
    list.append(row);
    renumber();
    document.body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: row } }));
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  function remove(row) {
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    renumber();
    (neighbour?.querySelector("[data-removes]") ?? element.querySelector("[data-adds]"))?.focus();
  }

  function move(row, step, focused) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    renumber();
    focused.focus();
  }

  function renumber() {
    const each = [...list.children];
    each.forEach((row, index) => numberRow(row, prefix, index));
    total.value = String(each.length);
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const rowOf = (element) => element.closest("[data-row]");

function numberRow(row, prefix, index) {
  const old = new RegExp(`${prefix}-(\\d+|__prefix__)-`);
  for (const named of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const attribute of ["name", "id", "for", "aria-describedby"]) {
      const value = named.getAttribute(attribute);
      if (value) named.setAttribute(attribute, value.replace(old, `${prefix}-${index}-`));
    }
  }
}

function letDrag(list, done) {
  let dragged = null;
  list.addEventListener("dragstart", (event) => {
    if (!event.target.closest?.("[data-handle]")) return;
    dragged = rowOf(event.target);
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    const over = dragged && rowOf(event.target);
    if (!over) return;
    event.preventDefault();
    const half = over.getBoundingClientRect().top + over.offsetHeight / 2;
    if (event.clientY < half) over.before(dragged);
    else over.after(dragged);
  });
  list.addEventListener("dragend", () => {
    if (dragged) done();
    dragged = null;
  });
}
