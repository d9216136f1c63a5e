/* What the conversation is now, as a function of the frames seen. No DOM, no network, no clock.
 *
 * `items` is what the transcript shows, in order. An item is never changed in place: a new object means draw
 * it again. Kinds: message, wait, notice.
 */

/** phase: idle, ai, passing, waiting, human, elsewhere (the page does the handoff), message (leave one), ended. */
export const emptyConversation = () => ({
  phase: "idle",
  joinRequested: false,
  aiName: "",
  agent: null,
  queue: "",
  thinking: false,
  typing: false,
  streaming: false,
  capabilities: {},
  language: "",
  waitKey: null,
  items: [],
  pending: [],
});

/** The conversation after one frame. A type we do not know changes nothing: it may be newer than this widget. */
export const applyFrame = (now, frame) => {
  const type = frame.type.replace(/^EVENT_TYPE_/, "");
  const payload = frame.payload ?? frame[type.toLowerCase()] ?? {};
  return HANDLERS[type]?.(now, payload, frame) ?? now;
};

/** The same conversation with a message of ours the server does not have yet. It stands last until it has a number. */
export const addOwnMessage = (now, { id, text, at }) => ({
  ...now,
  pending: [...now.pending, { key: id, kind: "message", author: "customer", text, at, status: "sending" }],
});

/** status: "sending", or "late" when no receipt came. */
export const setStatus = (now, key, status) => ({
  ...now,
  pending: now.pending.map((item) => (item.key === key ? { ...item, status } : item)),
});

/** The server has it: it takes its place in the order. */
export const confirmOwnMessage = (now, key, frame) => {
  const item = now.pending.find((one) => one.key === key);
  const confirmed = { ...now, pending: now.pending.filter((one) => one !== item) };
  return withItem(confirmed, { ...item, status: "delivered", at: frame.timestamp });
};

/** Typing, thinking and chunks are not replayed: after a cut they are not known. */
export const quiet = (now) => ({ ...now, typing: false, thinking: false, streaming: false });

export const addNotice = (now, key, id, values = {}) => withItem(now, { key, kind: "notice", id, values });

const withItem = (now, item) => ({ ...now, items: [...now.items, item] });

const changeItem = (now, key, change) => ({
  ...now,
  items: now.items.map((item) => (item.key === key ? { ...item, ...change } : item)),
});

const notice = (now, frame, id, values = {}) =>
  withItem(now, { key: frame.id, kind: "notice", id, values, at: frame.timestamp });

const currentWait = (now) => now.items.find((item) => item.key === now.waitKey);

// One wait at a time: it begins with the trigger (or, failing that, the first word about a queue).
const beginWait = (now, frame) =>
  currentWait(now)
    ? now
    : withItem(
        { ...now, waitKey: `wait-${frame.id}` },
        { key: `wait-${frame.id}`, kind: "wait", since: frame.timestamp, step: 0, positions: [], outcome: null },
      );

const updateWait = (now, change) => changeItem(now, now.waitKey, change);

const endWait = (now, frame, outcome) => {
  const ended = now.waitKey ? updateWait(now, { outcome, until: frame.timestamp }) : now;
  return { ...ended, waitKey: null };
};

const dropWait = (now) => ({ ...now, items: now.items.filter((item) => item !== currentWait(now)), waitKey: null });

const queueStatus = (now, payload, frame) => {
  const waiting = beginWait({ ...now, phase: "waiting", queue: payload.queue_name ?? now.queue }, frame);
  const { positions, firstEstimate } = currentWait(waiting);
  const position = payload.position_in_queue ?? payload.position ?? null;
  const estimate = payload.estimated_wait_seconds ?? null;
  return updateWait(waiting, {
    step: 1,
    position,
    estimate,
    queue: waiting.queue,
    firstEstimate: firstEstimate ?? estimate,
    positions: position === null || positions.at(-1) === position ? positions : [...positions, position],
  });
};

const agentOf = (payload) => ({
  id: payload.agent?.id ?? payload.agent_id,
  name: payload.agent?.name ?? payload.agent_name ?? "",
});

// A message may name its speaker shortly or not at all; whoever joined told the whole name.
const speakerOf = ({ agent }, { agent_id, agent_name }) => {
  const sameAgent = agent && (!agent_id || agent.id === agent_id);
  return (sameAgent && agent.name) || agent_name || "";
};

const messageItem = (author, name, payload, frame) => ({
  key: payload.message_id ?? frame.id,
  kind: "message",
  author,
  name,
  text: payload.text ?? "",
  at: frame.timestamp,
  attachments: payload.attachments ?? [],
  suggestions: payload.response_suggestions ?? [],
  calls: payload.chat_call_actions ?? [],
});

// A message whose first chunks were seen takes their place.
const fromAi = (now, payload, frame) => {
  const item = messageItem("ai", payload.agent_name ?? now.aiName, payload, frame);
  const heard = { ...now, thinking: false, streaming: false };
  return now.items.some(({ key }) => key === item.key) ? changeItem(heard, item.key, item) : withItem(heard, item);
};

const chunk = (now, payload, frame) => {
  const known = now.items.find((item) => item.key === payload.message_id);
  const text = (known?.text ?? "") + (payload.text ?? "");
  return { ...fromAi(now, { ...payload, text }, frame), streaming: !payload.is_complete };
};

const HANDLERS = {
  SESSION_START: (now, payload) => ({ ...now, capabilities: payload.capabilities ?? {} }),
  REQUEST_POLY_AGENT_JOIN: (now) => ({ ...now, joinRequested: true }),
  POLY_AGENT_JOINED: (now, payload, frame) => {
    const back = now.phase !== "idle";
    const joined = {
      ...endWait(now, frame, "returned"),
      phase: "ai",
      agent: null,
      aiName: payload.agent_name ?? "",
      joinRequested: true,
    };
    return back ? notice(joined, frame, "aiBack", { name: joined.aiName }) : joined;
  },
  POLY_AGENT_THINKING: (now) => ({ ...now, thinking: true }),
  POLY_AGENT_MESSAGE: fromAi,
  POLY_AGENT_MESSAGE_CHUNK: chunk,
  POLY_AGENT_LEFT: (now) => ({ ...now, thinking: false, streaming: false }),
  USER_MESSAGE: (now, payload, frame) =>
    withItem(now, { ...messageItem("customer", "", payload, frame), status: "delivered" }),
  POLY_AGENT_TRIGGERED_HANDOFF: (now, _payload, frame) =>
    beginWait({ ...now, phase: "passing", thinking: false }, frame),
  HANDOFF_ACCEPTED: (now, payload, frame) => {
    const accepted = beginWait({ ...now, phase: "waiting", queue: payload.queue_name ?? now.queue }, frame);
    return updateWait(accepted, { step: 1, queue: accepted.queue });
  },
  HANDOFF_QUEUE_STATUS: queueStatus,
  LIVE_AGENT_JOINED: (now, payload, frame) => {
    const agent = agentOf(payload);
    const joined = { ...endWait(now, frame, "joined"), phase: "human", agent, typing: false, thinking: false };
    return notice(joined, frame, "joined", { name: agent.name });
  },
  LIVE_AGENT_TYPING: (now, payload) => ({ ...now, typing: payload.state !== "TYPING_STATE_STOPPED" }),
  LIVE_AGENT_MESSAGE: (now, payload, frame) => {
    return withItem({ ...now, typing: false }, messageItem("human", speakerOf(now, payload), payload, frame));
  },
  LIVE_AGENT_LEFT: (now, payload, frame) => {
    const name = speakerOf(now, payload);
    return notice({ ...now, agent: null, typing: false }, frame, "left", { name });
  },
  CLIENT_HANDOFF_REQUIRED: (now, payload, frame) => {
    // Who was never in a line of ours has not waited in it.
    const moved = {
      ...(currentWait(now)?.step === 0 ? dropWait(now) : endWait(now, frame, "elsewhere")),
      phase: "elsewhere",
      queue: payload.queue_name ?? "",
      thinking: false,
    };
    const told = notice(moved, frame, moved.queue ? "elsewhereQueue" : "elsewhere", { queue: moved.queue });
    const way = { route: payload.route ?? "", queue: moved.queue, handoffId: frame.metadata?.custom?.handoff_id };
    return withItem(told, { key: `way-${frame.id}`, kind: "way", ...way });
  },
  HANDOFF_TIMEOUT: (now, _payload, frame) => ({ ...endWait(now, frame, "timeout"), phase: "message" }),
  HANDOFF_FAILED: (now, _payload, frame) => ({ ...endWait(now, frame, "failed"), phase: "message" }),
  SYSTEM_MESSAGE: (now, payload, frame) =>
    withItem(now, {
      key: frame.id,
      kind: "notice",
      text: payload.message ?? "",
      at: frame.timestamp,
      isError: payload.level === "SYSTEM_MESSAGE_LEVEL_ERROR",
    }),
  SESSION_IDLE_WARNING: (now, _payload, frame) => notice(now, frame, "idle"),
  SESSION_END: (now, payload, frame) => {
    const ended = { ...quiet(endWait(now, frame, "ended")), phase: "ended" };
    return notice(ended, frame, payload.reason === "REASON_USER_ABANDONED" ? "endedIdle" : "ended");
  },
  LANGUAGE_CHANGED: (now, payload) => ({ ...now, language: payload.language_code ?? "" }),
};
