/* The shop's own script: a basket that counts, so that the page is a page and not a picture of one. */
const form = document.querySelector("[data-product]");
const count = document.querySelector("[data-basket-count]");
const words = document.querySelector("[data-basket-words]");
let phones = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  phones += 1;
  count.textContent = phones;
  count.hidden = false;
  words.textContent = `${phones} in your basket`;
});
