// What just came and must be read first: a refusal, a conflict.
export function focus(element) {
  element.focus({ preventScroll: false });
}
