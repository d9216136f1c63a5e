/* Keeps one socket to the session alive: back-off, heartbeats, renewed credentials.
 *
 * A browser never learns the HTTP status of a refused handshake. So after one we ask for a new token: when even
 * that does not answer, the network is down and we wait; when it does and the socket is refused again and
 * again, the session is gone.
 */
import { ApiError } from "./api.js";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const REFUSALS_BEFORE_NEW_SESSION = 3;
const ANSWER_WITHIN_MS = 10_000;
const HEARTBEAT_SECONDS = 30;
const INVALID_SESSION = 4001;
const FINAL = { 1000: "closed", 4000: "replaced" };

/** Milliseconds before attempt n (0, 1, …): doubling, capped, between half and all of it. */
export const backoff = (attempt, random = Math.random()) =>
  Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt) * (0.5 + random / 2);

export class Connection {
  /** onFrame(frame); onState("connecting" | "live" | "lost" | "closed" | "replaced" | "refused"); onNewSession(). */
  constructor({ api, session, cursor, onFrame, onState, onNewSession }) {
    Object.assign(this, { api, session, cursor, onFrame, onState, onNewSession });
    this.socket = null;
    this.attempt = 0;
    this.refusals = 0;
    this.running = false;
    this.heartbeatSeconds = HEARTBEAT_SECONDS;
    this.retryNow = () => this.running && !this.socket && this.scheduled && this.schedule(0);
  }

  start() {
    if (this.running) return;
    this.running = true;
    this.attempt = this.refusals = 0;
    window.addEventListener("online", this.retryNow);
    document.addEventListener("visibilitychange", this.retryNow);
    this.onState("connecting");
    this.connect();
  }

  stop() {
    this.running = false;
    window.removeEventListener("online", this.retryNow);
    document.removeEventListener("visibilitychange", this.retryNow);
    clearTimeout(this.scheduled);
    this.drop(1000);
  }

  get isLive() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(type, payload = {}, extra = {}) {
    if (!this.isLive) return false;
    this.socket.send(JSON.stringify({ type: `EVENT_TYPE_${type}`, payload, ...extra }));
    return true;
  }

  async connect() {
    this.scheduled = null;
    try {
      const { id, token } = await this.session.credentials();
      if (this.running) this.openSocket(this.api.socketUrl(token, id, this.cursor()));
    } catch (error) {
      this.afterHttpFailure(error);
    }
  }

  openSocket(url) {
    const socket = new WebSocket(url);
    let opened = false;
    this.socket = socket;
    socket.onopen = () => {
      opened = true;
      this.beatEvery(this.heartbeatSeconds);
      this.onState("live");
    };
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = ({ code }) => socket === this.socket && this.afterClose(code, opened);
  }

  receive(data) {
    this.attempt = this.refusals = 0;
    this.lastHeard = Date.now();
    this.onFrame(JSON.parse(data));
  }

  /** Sends a heartbeat every so many seconds; each is echoed, so a half-open socket shows by its silence. */
  beatEvery(seconds = HEARTBEAT_SECONDS) {
    this.heartbeatSeconds = seconds;
    this.lastHeard = Date.now();
    clearInterval(this.pulse);
    this.pulse = setInterval(() => this.beat(), seconds * 1000);
  }

  beat() {
    const silent = Date.now() - this.lastHeard;
    if (silent > this.heartbeatSeconds * 1000 + ANSWER_WITHIN_MS) this.afterClose(1006, true);
    else this.send("HEARTBEAT");
  }

  drop(code) {
    clearInterval(this.pulse);
    const socket = this.socket;
    this.socket = null;
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close(code);
  }

  async afterClose(code, opened) {
    this.drop(1000);
    if (!this.running) return;
    if (FINAL[code]) {
      this.stop();
      this.onState(FINAL[code]);
      return;
    }
    this.onState("lost");
    if (code === INVALID_SESSION || !opened) await this.renewCredentials(code);
    else this.retry();
  }

  async renewCredentials(code) {
    try {
      await this.session.renewToken();
      this.refusals += code === INVALID_SESSION ? 2 : 1;
      if (this.refusals >= REFUSALS_BEFORE_NEW_SESSION) this.replaceSession();
      this.retry();
    } catch (error) {
      this.afterHttpFailure(error);
    }
  }

  replaceSession() {
    this.refusals = 0;
    this.session.forget();
    this.onNewSession();
  }

  afterHttpFailure(error) {
    if (!(error instanceof TypeError || error instanceof ApiError)) throw error; // fetch rejects with TypeError
    if (error.status < 500 && error.status !== 429) {
      this.stop();
      this.onState("refused");
    } else {
      this.onState("lost");
      this.retry((error.retryAfter ?? 0) * 1000);
    }
  }

  retry(least = 0) {
    if (this.running) this.schedule(Math.max(least, backoff(this.attempt++)));
  }

  schedule(delay) {
    clearTimeout(this.scheduled);
    this.scheduled = setTimeout(() => this.connect(), delay);
  }
}
