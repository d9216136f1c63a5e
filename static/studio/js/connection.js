// The live connection's state, from htmx's socket events: a dot in the rail, frozen clocks and a banner when it is lost.
const GRACE = 1500;

export function connection(element) {
  let lostTimer;
  const show = (state) => {
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    element.hidden = false;
    element.title = element.querySelector("[role=status]").textContent = element.dataset[state];
    element.querySelector(".hs-dot").className = `hs-dot hs-dot--${state === "open" ? "green" : "red"}`;
    const banner = document.getElementById("connection-lost");
    if (banner) banner.hidden = state === "open";
    document.dispatchEvent(new CustomEvent("hs:connection", { detail: { state } }));
  };
  document.addEventListener("htmx:wsOpen", () => {
    clearTimeout(lostTimer);
    show("open");
  });
  // A server that restarts is back within a second: say nothing before that.
  document.addEventListener("htmx:wsClose", (event) => {
    clearTimeout(lostTimer);
    lostTimer = setTimeout(() => show("lost"), GRACE);
    comeBack(event);
  });
}

// htmx reconnects by itself after 1006 and 1011–1013; a proxy that goes away closes with 1001.
function comeBack(event) {
  if (event.detail.event?.code === 1001) event.detail.socketWrapper.reconnect?.();
}
