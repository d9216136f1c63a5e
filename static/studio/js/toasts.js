// Toasts leave after six seconds; errors stay until they are read.
const STAYS_FOR = 6000;
const WORDS_OF = { 403: "refused", 404: "gone", 410: "gone" };
const BROKEN = "broken";

export function toasts(list) {
  const fade = () => list.querySelectorAll("[data-fades]").forEach(leaveLater);
  new MutationObserver(fade).observe(list, { childList: true });
  fade();
  list.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) event.target.closest(".hs-toast").remove();
  });
  document.addEventListener("htmx:sendError", () => say(list, list.dataset.failed));
  document.addEventListener("htmx:responseError", (event) => {
    say(list, list.dataset[WORDS_OF[event.detail.xhr.status] ?? BROKEN]);
  });
}

function leaveLater(toast) {
  toast.removeAttribute("data-fades");
  setTimeout(() => toast.remove(), STAYS_FOR);
}

function say(list, text) {
  const toast = document.createElement("div");
  toast.className = "hs-toast hs-toast--error";
  toast.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.toastClose = "";
  close.textContent = "×";
  toast.append(words, close);
  list.append(toast);
}
