// A dialog the server sent: it opens as it arrives, and leaves the page when it closes. The focus goes back to the
// button its menu hangs on, since the menu's own items are hidden again by then.
//
//   <div data-controller="popup" data-opener="id"> <dialog> … <button data-closes> … </dialog> </div>
export function popup(element) {
  const dialog = element.querySelector("dialog");
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-closes]")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    element.remove();
    document.getElementById(element.dataset.opener)?.focus();
  });
  dialog.showModal();
}
