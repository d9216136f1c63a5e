// What is typed is kept on the server too, a moment after the last key: another device, or a refusal, finds it there.
const WAITS = 800;

export function drafts(box) {
  const text = box.querySelector("textarea");
  let timer;
  let kept = box.dataset.mode;
  const save = async () => {
    const mode = box.dataset.mode;
    if (mode !== kept) await post(box, kept, "");
    kept = mode;
    box.querySelector("[data-draft-saved]").textContent = await post(box, mode, text.value);
  };
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAITS);
  });
  // What was just sent is no draft any more.
  box.addEventListener("htmx:afterRequest", () => {
    clearTimeout(timer);
    if (text.value) timer = setTimeout(save, WAITS);
    else box.querySelector("[data-draft-saved]").textContent = "";
  });
}

async function post(box, mode, text) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  try {
    const answer = await fetch(box.dataset.draftUrl, { method: "POST", headers, body: new URLSearchParams({ mode, text }) });
    return answer.ok ? await answer.text() : "";
  } catch {
    return "";
  }
}
