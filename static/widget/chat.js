/* One customer's chat: session, socket, what was said and what waits to be sent. The view draws it. */
import { Connection } from "./connection.js";
import {
  addNotice,
  addOwnMessage,
  applyFrame,
  confirmOwnMessage,
  emptyConversation,
  quiet,
  setStatus,
} from "./conversation.js";
import { Outgoing } from "./outgoing.js";
import { CustomerSession } from "./session.js";

const TYPING_PAUSE_MS = 3_000;
const FORGET_TYPING_MS = 12_000;
const NEWS = new Set(["LIVE_AGENT_MESSAGE", "POLY_AGENT_MESSAGE", "LIVE_AGENT_JOINED"]);

export class Chat {
  constructor({ api, store, announce }) {
    Object.assign(this, { api, store, announce, onChange: () => {}, onNews: () => {} });
    this.session = new CustomerSession({ api, shelf: store.session });
    this.outgoing = new Outgoing({
      shelf: store.tab,
      send: (...frame) => this.connection.send(...frame),
      onLate: (id) => this.markLate(id),
    });
    this.connection = new Connection({
      api,
      session: this.session,
      cursor: () => this.cursor,
      onFrame: (frame) => this.receive(frame),
      onState: (state) => this.setLink(state),
      onNewSession: () => this.startOver("sessionGone"),
    });
    this.link = "idle";
    this.lostSince = null;
    this.cancelOffered = true;
    this.reset();
  }

  reset() {
    this.now = emptyConversation();
    this.cursor = 0;
    this.seen = new Set();
    this.replayed = false;
    for (const message of this.outgoing.messages) this.now = addOwnMessage(this.now, message);
  }

  /** Goes on with a session this browser already has; a new one begins only when the customer opens the panel. */
  resume() {
    if (this.session.exists) this.connection.start();
  }

  /** Connects, if there is anything to connect to: an ended conversation is only read. */
  open() {
    if (this.now.phase !== "ended") this.connection.start();
  }

  stop() {
    this.connection.stop();
  }

  /** Begins a new session; `reason` is told in the transcript. */
  startOver(reason) {
    this.session.forget();
    this.store.session.clear("told");
    this.outgoing.renumber();
    this.reset();
    if (reason) this.now = addNotice(this.now, reason, reason);
    this.onChange();
  }

  startNewConversation() {
    this.connection.stop();
    this.startOver(null);
    this.connection.start();
  }

  setLink(link) {
    if (link === "lost") {
      this.lostSince ??= Date.now();
      this.now = quiet(this.now);
    }
    if (link === "live") {
      this.lostSince = null;
      this.awaitsHistory = true;
    }
    this.link = link;
    this.onChange();
  }

  receive(frame) {
    if (frame.type === "EVENT_TYPE_EVENT_BATCH") this.receiveBatch(frame.payload.events ?? []);
    else this.take(frame);
    this.onChange();
  }

  receiveBatch(events) {
    const last = Number.MAX_SAFE_INTEGER;
    for (const event of [...events].sort((a, b) => (a.sequence ?? last) - (b.sequence ?? last))) this.take(event);
    if (this.awaitsHistory) this.afterHistory();
  }

  // Whoever is new here asks for the assistant; whoever came back sends what waited.
  afterHistory() {
    this.awaitsHistory = false;
    this.replayed = true;
    if (!this.now.joinRequested && this.now.phase === "idle") this.connection.send("REQUEST_POLY_AGENT_JOIN");
    for (const message of this.outgoing.messages) this.transmit(message);
  }

  take(frame) {
    if (!frame.id || this.seen.has(frame.id)) return;
    if (typeof frame.sequence === "number") {
      if (frame.sequence <= this.cursor) return;
      this.cursor = frame.sequence;
    }
    this.seen.add(frame.id);
    this.apply(frame);
    this.announce.frame(frame);
  }

  apply(frame) {
    if (this.refuse(frame)) return;
    const mine = frame.type === "EVENT_TYPE_USER_MESSAGE" ? this.outgoing.confirm(frame) : null;
    this.now = mine ? confirmOwnMessage(this.now, mine.id, frame) : applyFrame(this.now, frame);
    const type = frame.type.replace("EVENT_TYPE_", "");
    if (type === "SESSION_START") this.connection.beatEvery(this.now.capabilities.heartbeat_interval_seconds);
    if (type === "LIVE_AGENT_TYPING") this.forgetTypingLater();
    if (type === "SESSION_END") this.finish();
    if (this.replayed && NEWS.has(type)) this.onNews();
  }

  /** A message of ours that was not taken is told at its own place, where it can be sent again. */
  refuse({ type, metadata }) {
    const id = type === "EVENT_TYPE_SYSTEM_MESSAGE" && metadata?.custom?.client_id;
    if (!id || !this.outgoing.find(id)) return false;
    this.outgoing.giveUp(id);
    return true;
  }

  forgetTypingLater() {
    clearTimeout(this.forgetTyping);
    this.forgetTyping = setTimeout(() => {
      this.now = quiet(this.now);
      this.onChange();
    }, FORGET_TYPING_MS);
  }

  finish() {
    this.session.forget();
    this.store.session.clear("told");
    this.connection.stop();
    this.link = "ended";
  }

  say(text) {
    this.stopTyping();
    const message = this.outgoing.add(text, this.cursor);
    this.now = addOwnMessage(this.now, message);
    if (this.replayed) this.transmit(message);
    this.onChange();
  }

  transmit(message) {
    if (this.outgoing.transmit(message)) this.now = setStatus(this.now, message.id, "sending");
  }

  retry(id) {
    const message = this.outgoing.find(id);
    if (message) this.transmit(message);
    this.onChange();
  }

  markLate(id) {
    if (!this.outgoing.find(id)) return;
    this.now = setStatus(this.now, id, "late");
    this.onChange();
  }

  keepTyping() {
    if (!this.typingTimer) this.connection.send("USER_TYPING", { state: "TYPING_STATE_STARTED" });
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.stopTyping(), TYPING_PAUSE_MS);
  }

  stopTyping() {
    if (!this.typingTimer) return;
    clearTimeout(this.typingTimer);
    this.typingTimer = null;
    this.connection.send("USER_TYPING", { state: "TYPING_STATE_STOPPED" });
  }

  /** Stops waiting. The timeline tells the rest; a server without this call (404) makes the offer vanish. */
  async cancelHandoff() {
    const { id, token } = await this.session.credentials();
    try {
      await this.api.cancelHandoff(token, id);
    } catch (error) {
      if (error.status === 404) this.cancelOffered = false;
      else if (error.status !== 409) throw error; // 409: a person was faster, the timeline says so
    }
    this.onChange();
  }

  /** Says what became of the handoff this page was asked to do: of that try, not of one that has come since. The
   * timeline tells what follows. */
  async reportHandoff(outcome, note = "", handoffId = undefined) {
    const { id, token } = await this.session.credentials();
    try {
      await this.api.reportHandoff(token, id, { outcome, note, handoff_id: handoffId });
    } catch (error) {
      if (error.status !== 409) throw error; // 409: it was reported before, is over, or tried anew
    }
    this.onChange();
  }

  end() {
    this.connection.send("USER_END_SESSION");
  }
}
