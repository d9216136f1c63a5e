// Tabs wider than the window scroll sideways: the one shown is brought into view.
export function tabs(element) {
  const shown = element.querySelector("[aria-current]");
  if (shown) element.scrollLeft = shown.offsetLeft - element.offsetLeft - (element.clientWidth - shown.offsetWidth) / 2;
}
