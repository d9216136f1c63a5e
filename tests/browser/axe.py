"""axe-core on the page as it stands, and every text that does not fit its box."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async (runOnly) => {
  const found = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
  const why = (node) => [...node.any, ...node.all, ...node.none][0]?.message;
  return found.violations.map(({ id, help, nodes }) => [
    id, nodes.slice(0, 3).map((node) => node.target.join(" ")), why(nodes[0]) || help,
  ]);
}
"""
# A box may be wider inside than outside where it scrolls on purpose, or where it cuts a text that stands whole in a
# title or in the heading of the page. A text that a screen reader alone gets is drawn in a box of one pixel.
OVERFLOWING = """
() => {
  const BY_NATURE = ["INPUT", "TEXTAREA", "SELECT", "OPTION"];
  const found = [];
  const squeezed = (text) => text.trim().replace(/\\s+/g, " ");
  const about = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].map((name) => `.${name}`).join("");
    return `${element.tagName.toLowerCase()}${id}${classes} “${squeezed(element.textContent).slice(0, 40)}”`;
  };
  const heading = squeezed(document.querySelector("h1")?.textContent || "");
  const isTold = (element) =>
    element.closest("[title], [aria-label]") || element.querySelector("[title]") ||
    heading.includes(squeezed(element.textContent));
  const isWider = (element) =>
    element.clientWidth > 1 && element.clientHeight > 1 && element.scrollWidth > element.clientWidth + 1;
  // What a mark lets stick out at a corner is meant; a text or a control that does is not.
  const words = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const rects = [];
    while (walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      if (!walker.currentNode.parentElement.closest(".visually-hidden")) rects.push(range.getBoundingClientRect());
    }
    return rects;
  };
  // A margin below zero lets a button without an edge align with what stands above it.
  const isPulledOut = (element) => {
    const style = getComputedStyle(element);
    return style.marginLeft[0] === "-" || style.marginRight[0] === "-";
  };
  const controls = (element) =>
    [...element.querySelectorAll("input, select, textarea, button, a")]
      .filter((one) => !isPulledOut(one) && !isPulledOut(one.parentElement))
      .map((one) => one.getBoundingClientRect());
  const sticksOut = (element) => {
    const { left, right } = element.getBoundingClientRect();
    const drawn = [...words(element), ...controls(element)].filter((one) => one.width > 0);
    return drawn.some((one) => one.right > right + 1 || one.left < left - 1);
  };
  const isMeant = (element, style) =>
    ["auto", "scroll"].includes(style.overflowX) ||
    style.clipPath !== "none" || element.closest(".visually-hidden") ||
    (style.textOverflow === "ellipsis" && style.overflowX !== "visible" && isTold(element));
  if (document.documentElement.scrollWidth > window.innerWidth) found.push("the page is wider than its window");
  for (const element of document.body.querySelectorAll("*")) {
    if (element instanceof SVGElement || BY_NATURE.includes(element.tagName)) continue;
    if (!isWider(element) || !element.checkVisibility() || isMeant(element, getComputedStyle(element))) continue;
    if (!sticksOut(element)) continue;
    found.push(`${about(element)}: ${element.scrollWidth} in ${element.clientWidth}`);
  }
  return found;
}
"""


def find_violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds: by tag, or with `rules` only these. The policy of the page does not bind what is evaluated."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    wanted: dict[str, Any] = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": RULES}
    return [f"{rule}: {', '.join(nodes)} ({message})" for rule, nodes, message in page.evaluate(RUN, wanted)]


def find_overflow(page: Page) -> list[str]:
    """Every visible box whose content is wider than it is."""
    found: list[str] = page.evaluate(OVERFLOWING)
    return found
