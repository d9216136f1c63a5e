// The theme choice is a cookie, so that the server's next page is already right.
const YEAR = 31_536_000;

export function theme(group) {
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (button) choose(button.dataset.themeChoice);
  });
}

function choose(chosen) {
  const root = document.documentElement;
  document.cookie = `hs_theme=${chosen}; path=/; max-age=${YEAR}; samesite=lax`;
  root.dataset.hsTheme = chosen;
  root.dispatchEvent(new CustomEvent("hs:theme"));
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}
