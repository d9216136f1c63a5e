/* The customer's session: its id and access token, kept across reloads. */

const RENEW_BEFORE_MS = 300_000;

export class CustomerSession {
  constructor({ api, shelf }) {
    Object.assign(this, { api, shelf });
    const kept = shelf.get("session");
    // An expired token means a day without this browser: that conversation is over on the server, too.
    const usable = kept && kept.expires > Date.now();
    Object.assign(this, usable ? kept : { id: null, token: null, expires: 0 });
  }

  get exists() {
    return this.id !== null;
  }

  /** A usable token and a session id; asks the server for what is missing. Rejects as fetch does, or with ApiError. */
  async credentials() {
    if (!this.token || Date.now() > this.expires - RENEW_BEFORE_MS) await this.renewToken();
    if (!this.id) await this.start();
    return { id: this.id, token: this.token };
  }

  async start() {
    try {
      this.id = (await this.api.startSession(this.token)).session_id;
    } catch (error) {
      if (error.status !== 401) throw error;
      // A kept token the server no longer takes: one fresh one decides.
      await this.renewToken();
      this.id = (await this.api.startSession(this.token)).session_id;
    }
    this.keep();
  }

  async renewToken() {
    const { access_token, expires_in = 3600 } = await this.api.fetchToken();
    this.token = access_token;
    this.expires = Date.now() + expires_in * 1000;
    this.keep();
  }

  forget() {
    this.id = null;
    this.keep();
  }

  keep() {
    this.shelf.set("session", { id: this.id, token: this.token, expires: this.expires });
  }
}
