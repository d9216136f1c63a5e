// Native dialogs: `data-opens="id"` opens one, `data-closes` inside it closes it, a click beside it too.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) openDialog(opener.dataset.opens);
  });
}

export function openDialog(id) {
  const found = document.getElementById(id);
  if (found && !found.open) found.showModal();
  return found;
}

export function dialog(element) {
  element.addEventListener("click", (event) => {
    if (event.target === element || event.target.closest("[data-closes]")) element.close();
  });
  // What was sent from it is done; what it only fetched is what it shows.
  element.addEventListener("htmx:afterRequest", ({ detail }) => {
    const sent = detail.requestConfig.verb !== "get";
    if (sent && detail.successful && detail.xhr.status < 300) element.close();
  });
}
