// Counts down to an instant, once a second: the seconds that are left, and the ring around them.
const drift = Date.parse(document.documentElement.dataset.now) - Date.now();
const EVERY = 250;

export function startCountdowns() {
  setInterval(() => tickAll(document), EVERY);
}

export function tickAll(root) {
  for (const element of root.querySelectorAll("[data-countdown]")) show(element);
}

function show(element) {
  const until = Date.parse(element.dataset.until);
  const left = Math.max(0, until - Date.now() - drift);
  const seconds = Math.ceil(left / 1000);
  element.querySelector("[data-countdown-text]").textContent = seconds < 60 ? seconds : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const ring = element.querySelector("[data-countdown-ring]");
  if (!ring) return;
  const whole = until - Date.parse(element.dataset.from);
  ring.setAttribute("stroke-dashoffset", String(100 - (100 * left) / whole));
}
