// Offers: a number in the page's title, and the focus where it disturbs nobody who writes.
import { tickAll } from "./countdowns.js";

const NUMBERED = /^\(\d+\) /;

export function offers(section) {
  let known = new Set();
  const look = () => {
    const cards = [...section.querySelectorAll("[data-offer]")];
    document.title = `${cards.length ? `(${cards.length}) ` : ""}${document.title.replace(NUMBERED, "")}`;
    tickAll(section);
    const fresh = cards.find((card) => !known.has(card.dataset.offer));
    known = new Set(cards.map((card) => card.dataset.offer));
    if (fresh && isIdle()) fresh.querySelector("[data-accepts]").focus();
  };
  new MutationObserver(look).observe(section, { childList: true });
  look();
}

// Whoever types, reads a dialog or works with the keyboard elsewhere keeps the focus: `a` accepts from anywhere.
function isIdle() {
  const focused = document.activeElement;
  return !document.querySelector("dialog[open]") && (!focused || focused === document.body || focused.id === "main");
}
