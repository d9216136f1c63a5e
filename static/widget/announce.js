/* What the host page hears: callbacks and DOM events. */

const STAGES = {
  EVENT_TYPE_POLY_AGENT_TRIGGERED_HANDOFF: "triggered",
  EVENT_TYPE_CLIENT_HANDOFF_REQUIRED: "client_required",
};

/** The payload of onHandoff from a frame, or null when the frame starts no handoff. */
export const handoffPayload = (frame) => {
  const stage = STAGES[frame.type];
  if (!stage) return null;
  const { handoff_id, reason, destination, trigger, summary, sentiment } = frame.metadata?.custom ?? {};
  const queue_name = frame.payload.queue_name;
  return {
    handoff_id: handoff_id ?? frame.id,
    reason: reason ?? frame.payload.reason,
    destination,
    trigger,
    summary,
    sentiment,
    stage,
    queue_name,
    route: frame.payload.route,
  };
};

export const announcer = (element, options, store) => {
  const tell = (name, detail) =>
    element.dispatchEvent(new CustomEvent(`handoffstudio:${name}`, { detail, bubbles: true, composed: true }));

  // Kept beyond a reload: the replay must not open the shop's ticket a second time.
  const firstTime = (key) => {
    const told = store.session.get("told", []);
    if (told.includes(key)) return false;
    store.session.set("told", [...told, key]);
    return true;
  };

  const tellHandoff = (payload, asked) => {
    if (!firstTime(`${payload.stage} ${payload.handoff_id}`)) return;
    guarded(options.onHandoff, payload);
    tell("handoff", payload);
    if (payload.stage === "client_required") tellRequired(payload, asked);
  };

  const tellRequired = ({ handoff_id, reason, queue_name, route }, asked) => {
    const report = (outcome, note) => told.report(outcome, note, asked);
    guarded(options.onHandoffRequired, { handoff_id, reason, queue_name, route, report });
  };

  const frame = (frame) => {
    guarded(options.onEvent, frame);
    tell("event", frame);
    const payload = handoffPayload(frame);
    if (payload) tellHandoff(payload, frame.metadata?.custom?.handoff_id);
    if (frame.type === "EVENT_TYPE_SESSION_END") tell("ended", frame.payload);
  };
  // `report` is the chat's, which is made with this.
  const told = { tell, frame, report: null };
  return told;
};

// A mistake in the shop's callback must not stop the conversation; it belongs in the shop's console.
const guarded = (callback, detail) => {
  if (typeof callback !== "function") return;
  try {
    callback(detail);
  } catch (error) {
    reportError(error);
  }
};
