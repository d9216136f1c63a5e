// A button that copies the text of the element it names, and says so for two seconds.
//
//   <code id="key">…</code> <button data-controller="copy" data-copies="key" data-done="Copied"> … <span data-copy-words>
const SAYS_SO_FOR = 2000;

export function copy(button) {
  const words = button.querySelector("[data-copy-words]");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    button.style.minInlineSize = `${button.offsetWidth}px`;
    words.textContent = (await write(source)) ? button.dataset.done : before;
    setTimeout(() => (words.textContent = before), SAYS_SO_FOR);
  });
}

async function write(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    // Without a clipboard (plain HTTP, or no permission) the text is selected: Ctrl+C is left to the person.
    getSelection().selectAllChildren(source);
    return false;
  }
}
