/* Messages of ours the server has not confirmed.
 *
 * Each carries an id of our choosing, so sending it again cannot make two. The echo is the receipt; it does not
 * have to repeat our id, so it is matched by text among those sent after the last sequence we had seen then.
 */
const RECEIPT_WITHIN_MS = 10_000;

export class Outgoing {
  constructor({ shelf, send, onLate }) {
    Object.assign(this, { shelf, send, onLate });
    this.messages = shelf.get("unsent", []);
    this.timers = new Map();
  }

  add(text, afterSequence) {
    const message = { id: crypto.randomUUID?.() ?? randomId(), text, afterSequence, at: new Date().toISOString() };
    this.messages.push(message);
    this.keep();
    return message;
  }

  /** Sends one; true when it went onto the wire. A receipt that stays away is told to onLate(id). */
  transmit(message) {
    if (!this.send("USER_MESSAGE", { text: message.text }, { id: message.id })) return false;
    clearTimeout(this.timers.get(message.id));
    this.timers.set(
      message.id,
      setTimeout(() => this.onLate(message.id), RECEIPT_WITHIN_MS),
    );
    return true;
  }

  /** The server said that it did not take it. */
  giveUp(id) {
    clearTimeout(this.timers.get(id));
    this.onLate(id);
  }

  find(id) {
    return this.messages.find((message) => message.id === id);
  }

  /** The message this echo confirms, which is then no longer ours to send; null when it is none of ours. */
  confirm(frame) {
    const named = frame.metadata?.custom?.client_id;
    const message = this.messages.find((mine) =>
      named ? mine.id === named : mine.text === frame.payload.text && frame.sequence > mine.afterSequence,
    );
    if (!message) return null;
    clearTimeout(this.timers.get(message.id));
    this.messages = this.messages.filter((other) => other !== message);
    this.keep();
    return message;
  }

  /** A new session numbers from the start again. */
  renumber() {
    for (const message of this.messages) message.afterSequence = 0;
    this.keep();
  }

  keep() {
    this.shelf.set("unsent", this.messages);
  }
}

// crypto.randomUUID exists only on https and localhost; shops under test often are neither.
const randomId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
