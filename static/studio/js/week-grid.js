// The editor of office hours. The weekday lists are `rows` controllers; what fills several days at once presses their
// buttons, so there is one way to add and remove. The grid is drawn by the server from what the form says.

// On the form: what an end means, own hours for a public holiday, and the grid as a way into the fields.
export function hours(form) {
  const noteAll = () => form.querySelectorAll("[data-day] [data-row]").forEach(noteEnd);
  form.addEventListener("input", (event) => noteEnd(event.target.closest("[data-day] [data-row]")));
  form.addEventListener("change", noteAll);
  form.addEventListener("click", (event) => {
    const override = event.target.closest("[data-overrides]");
    const block = event.target.closest("[data-block]");
    if (override) addDate(form, override.dataset);
    else if (block) fieldOf(form, block)?.focus();
  });
  noteAll();
}

export function copyDay(dialog) {
  const from = dialog.querySelector("select");
  const days = [...dialog.querySelectorAll("[type=checkbox]")];
  const mark = () => days.forEach((box) => {
    box.disabled = box.value === from.value;
    if (box.disabled) box.checked = false;
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-copies]");
    if (!opener) return;
    from.value = opener.dataset.copies;
    days.forEach((box) => (box.checked = false));
    mark();
  });
  from.addEventListener("change", mark);
  applies(dialog, () => {
    const copied = intervalsOf(from.value);
    for (const box of days.filter((box) => box.checked)) setDay(box.value, copied);
  });
  mark();
}

export function addHours(dialog) {
  const [start, end] = dialog.querySelectorAll("[type=time]");
  applies(dialog, () => {
    for (const box of dialog.querySelectorAll("[type=checkbox]:checked")) addInterval(box.value, start.value, end.value);
  });
}

// Does its work, tells the form, closes, and gives the focus back to what opened it.
function applies(dialog, work) {
  let opener = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest(`[data-opens="${dialog.id}"]`);
    if (button) opener = button;
  }, true);
  const apply = () => {
    dialog.close();
    work();
    opener?.focus();
  };
  dialog.querySelector("[data-applies]").addEventListener("click", apply);
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    apply();
  });
}

const listOf = (day) => document.querySelector(`[data-day="${day}"]`);
const rowsOf = (day) => [...listOf(day).querySelectorAll("[data-rows] > [data-row]")];
const intervalsOf = (day) => rowsOf(day).map((row) => [...row.querySelectorAll("[type=time]")].map((field) => field.value));

function setDay(day, intervals) {
  for (const row of rowsOf(day)) row.querySelector("[data-removes]").click();
  for (const [start, end] of intervals) addInterval(day, start, end);
}

function addInterval(day, start, end) {
  listOf(day).querySelector("[data-adds]").click();
  const row = rowsOf(day).at(-1);
  const [opens, closes] = row.querySelectorAll("[type=time]");
  opens.value = start;
  closes.value = end;
  closes.dispatchEvent(new Event("input", { bubbles: true }));
}

function addDate(form, { date, name }) {
  const list = form.querySelector("#own-dates");
  list.querySelector("[data-adds]").click();
  const row = list.querySelector("[data-rows]").lastElementChild;
  row.querySelector("[name$='-date']").value = date;
  row.querySelector("[name$='-name']").value = name;
  const hours = row.querySelector("[name$='-hours']");
  hours.dispatchEvent(new Event("input", { bubbles: true }));
  hours.focus();
}

// A block of the grid names its day and its place among all intervals, which stand in order of day and start.
function fieldOf(form, block) {
  const starts = [...form.querySelectorAll("[data-day]")].flatMap((list) => {
    const fields = [...list.querySelectorAll("[data-row] [name$='-start']")].filter((field) => field.value);
    return fields.sort((one, other) => one.value.localeCompare(other.value));
  });
  return starts[Number(block.dataset.row)];
}

// A time input cannot say 24:00 or "next day": words beside it do.
function noteEnd(row) {
  const note = row?.querySelector("[data-end-note]");
  if (!note) return;
  const [start, end] = [...row.querySelectorAll("[type=time]")].map((field) => field.value);
  note.textContent = endWords(note.dataset, start, end);
}

function endWords({ allDay, midnight, nextDay }, start, end) {
  if (!start || !end) return "";
  if (end === "00:00") return start === "00:00" ? allDay : midnight;
  return end < start ? nextDay : "";
}
