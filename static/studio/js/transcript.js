// Keeps the newest turn in view for who reads at the end, and never moves who reads further up.
const NEAR = 80;

export function transcript(list) {
  const pane = list.closest("[data-scrolls]");
  let atEnd = true;
  const follow = () => atEnd && (pane.scrollTop = pane.scrollHeight);
  follow();
  pane.addEventListener("scroll", () => (atEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < NEAR));
  new MutationObserver(follow).observe(list, { childList: true, subtree: true });
  new ResizeObserver(follow).observe(pane);
}
