// Completes `$variables` in a header value: a listbox under the input, driven from the input (the ARIA combobox
// pattern). The names and values are those of the conversation chosen beside the form.
const TYPED = /\$\{?([A-Za-z0-9_.-]*)$/;
const MOST = 8;
let lists = 0;

export function variables(element) {
  const input = element.querySelector("input");
  // What becomes of a header without its variable is asked only where there is one.
  const missing = element.closest("[data-row]")?.querySelector("[data-missing]");
  const id = `variables-${(lists += 1)}`;
  let list = null;
  let active = 0;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", offer);
  input.addEventListener("keydown", steer);
  input.addEventListener("blur", close);

  function offer() {
    if (missing) missing.hidden = !input.value.includes("$");
    const typed = TYPED.exec(input.value.slice(0, input.selectionStart));
    const found = typed ? matching(typed[1]) : [];
    close();
    if (found.length) open(found, typed[1].length);
  }

  function steer(event) {
    if (!list || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) mark(active + steps[event.key]);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) insert(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function open(found, length) {
    list = draw(found, length, id);
    element.append(list);
    list.classList.toggle("hs-variables--above", lacksRoomBelow(list, input));
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", id);
    mark(0);
  }

  function close() {
    list?.remove();
    list = null;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-controls");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    const options = [...list.querySelectorAll("[role=option]")];
    active = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", options[active].id);
    showOption(list.querySelector("ul"), options[active]);
  }

  function insert(index) {
    const written = list.querySelectorAll("[role=option]")[index].dataset.written;
    const before = input.value.slice(0, input.selectionStart).replace(TYPED, () => written);
    const after = input.value.slice(input.selectionStart).replace(/^[A-Za-z0-9_.-]*\}?/, "");
    input.value = before + after;
    input.setSelectionRange(before.length, before.length);
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A pointer chooses before the input loses the focus.
  element.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    insert([...list.querySelectorAll("[role=option]")].indexOf(option));
  });
}

// The bar that saves covers what is under it.
function lacksRoomBelow(list, input) {
  const bar = input.form.querySelector(".hs-formbar");
  const end = bar ? bar.getBoundingClientRect().top : window.innerHeight;
  const { top, bottom } = input.getBoundingClientRect();
  return bottom + list.offsetHeight > end && top > list.offsetHeight;
}

// Not scrollIntoView, which would move every box around the list as well.
function showOption(list, option) {
  const above = option.offsetTop - list.offsetTop - list.scrollTop;
  const below = above + option.offsetHeight - list.clientHeight;
  if (above < 0) list.scrollTop += above;
  else if (below > 0) list.scrollTop += below;
}

const source = () => document.getElementById("wire-variables");

function matching(typed) {
  const wanted = typed.toLowerCase();
  const all = JSON.parse(source().dataset.variables);
  return all.filter((variable) => variable.name.toLowerCase().startsWith(wanted)).slice(0, MOST);
}

function draw(found, length, id) {
  const box = element("div", "hs-variables");
  const list = element("ul", "hs-variables-list");
  list.id = id;
  list.setAttribute("role", "listbox");
  found.forEach((variable, index) => list.append(drawOption(variable, length, `${id}-${index}`)));
  const foot = element("p", "hs-variables-foot");
  const keys = element("span", "hs-only-wide");
  keys.append(key("↑↓"), ` ${source().dataset.choose} `, key("⇥"), ` ${source().dataset.insert}`);
  foot.append(keys, element("span", "", source().dataset.source));
  box.append(list, foot);
  return box;
}

function drawOption(variable, length, id) {
  const { empty, personal } = source().dataset;
  const option = element("li", "hs-variables-option");
  option.id = id;
  option.dataset.written = variable.written;
  option.setAttribute("role", "option");
  const name = element("code");
  name.append("$", element("b", "", variable.name.slice(0, length)), variable.name.slice(length));
  const value = element("span", "hs-clip hs-meta", variable.value || empty);
  option.append(name, value);
  if (variable.is_personal) option.append(element("span", "hs-chip hs-chip--amber", personal));
  return option;
}

const key = (text) => element("kbd", "hs-kbd", text);

function element(tag, css = "", text = "") {
  const made = document.createElement(tag);
  if (css) made.className = css;
  made.append(text);
  return made;
}
