/* Assembles one widget: storage, session, socket, conversation and view.
 *
 * Options (all strings unless said; every one but `token` may be left out):
 *   token     connector token
 *   host      host name or app id the connector allows; the page's own host by default
 *   baseUrl   where Handoff Studio answers; the origin of the script by default
 *   title     heading of the panel
 *   accent    colour of the customer's bubbles and of the send button, #rrggbb
 *   theme     "light" (default), "dark" or "auto"
 *   locale    BCP 47; the page's lang by default
 *   strings   object: texts that replace ours, keys as in strings.js
 *   onHandoff function({handoff_id, reason, destination, trigger, summary, sentiment, stage, queue_name}):
 *             once per handoff with stage "triggered"; again with stage "client_required" when the page has to
 *             do the handoff itself. Not repeated by a reload.
 *   handoff   "client": the page takes its customers to a person itself, for every destination
 *   onHandoffRequired
 *             function({handoff_id, reason, queue_name, route, report}): the page has to do the handoff; once.
 *             report("completed" | "failed", note) says what came of it; until then the customer sees the way.
 *   onEvent   function(frame): every frame of the session, once, in order
 *
 * The element also dispatches handoffstudio:ready, :open, :close, :event, :handoff and :ended; they bubble to
 * the document and carry their data in `detail`.
 */
import { createApi } from "./api.js";
import { Chat } from "./chat.js";
import { announcer } from "./announce.js";
import { loadStrings } from "./strings.js";
import { openStore } from "./store.js";
import { Panel } from "./panel.js";

const DEFAULTS = { title: "Help", accent: "#2F55D4", theme: "light" };

export const startWidget = (given) => {
  if (!given.token) throw new TypeError("HandoffStudio.init needs a connector token");
  const options = { ...DEFAULTS, host: location.hostname, ...given };
  const strings = loadStrings(options.locale || document.documentElement.lang, options.strings);
  const element = document.createElement("handoff-studio");
  const store = openStore(options.token);
  const announce = announcer(element, options, store);
  const chat = new Chat({ api: createApi(options), store, announce });
  const panel = new Panel({ element, chat, strings, options, announce });

  announce.report = (outcome, note, handoffId) => chat.reportHandoff(outcome, note, handoffId);
  chat.onChange = () => panel.draw();
  document.body.append(element);
  panel.draw();
  chat.resume();
  const handle = {
    element,
    open: () => panel.open(),
    close: () => panel.minimise(),
    destroy: () => destroy(element, chat),
  };
  announce.tell("ready", handle);
  return handle;
};

const destroy = (element, chat) => {
  chat.stop();
  element.remove();
};
