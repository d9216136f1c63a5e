// A button that empties a field: what stands for an empty one is said beside it.
export function clears(button) {
  const field = document.getElementById(button.dataset.clears);
  button.addEventListener("click", () => {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
