// The demo's log-ins fill the form and send it.
export function login(form) {
  document.addEventListener("click", (event) => {
    const demo = event.target.closest("[data-demo-email]");
    if (!demo) return;
    form.elements.username.value = demo.dataset.demoEmail;
    form.elements.password.value = demo.dataset.demoPassword;
    form.requestSubmit();
  });
}
