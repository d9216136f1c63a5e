// Ticks every wait clock once a second. Only text and class change, never the width.
const STEPS = ["calm", "half", "over", "twice"];
const words = {};
const drift = Date.parse(document.documentElement.dataset.now) - Date.now();
let frozen = false;

export function startClocks() {
  setInterval(tick, 1000);
  document.addEventListener("hs:connection", (event) => {
    frozen = event.detail.state === "lost";
    tick();
  });
}

// Mirrors `clock_step` of the template tags.
export function clockStep(waited, target) {
  if (!target || waited < target / 2) return "calm";
  if (waited < target) return "half";
  return waited < 2 * target ? "over" : "twice";
}

export function clockText(waited) {
  const minutes = String(Math.floor(waited / 60)).padStart(2, "0");
  return `${minutes}:${String(waited % 60).padStart(2, "0")}`;
}

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    clock.classList.toggle("hs-clock--frozen", frozen);
    if (!frozen) show(clock);
  }
}

function show(clock) {
  const waited = Math.max(0, Math.floor((Date.now() + drift - Date.parse(clock.dataset.since)) / 1000));
  const step = clockStep(waited, Number(clock.dataset.target));
  clock.querySelector("[data-clock-text]").textContent = clockText(waited);
  if (clock.classList.contains(`hs-clock--${step}`)) return;
  for (const name of STEPS) clock.classList.toggle(`hs-clock--${name}`, name === step);
  // Screen readers hear the step, not the seconds.
  clock.querySelector("[data-clock-words]").textContent = clockWords()[step];
}

function clockWords() {
  const source = document.getElementById("clock-words");
  if (source && !words.calm) Object.assign(words, JSON.parse(source.textContent));
  return words;
}
