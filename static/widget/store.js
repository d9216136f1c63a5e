/* What outlives a page: the session (shared by the tabs of this browser) and this tab's unsent words.
 *
 * A browser may refuse storage (private windows, strict settings): then it lasts as long as the page.
 */
const PREFIX = "handoffstudio";

class Shelf {
  constructor(storage, prefix) {
    Object.assign(this, { storage, prefix, memory: new Map() });
  }

  get(name, fallback = null) {
    const text = this.read(`${this.prefix}:${name}`);
    return text === null ? fallback : JSON.parse(text);
  }

  set(name, value) {
    const [key, text] = [`${this.prefix}:${name}`, JSON.stringify(value)];
    this.memory.set(key, text);
    try {
      this.storage?.setItem(key, text);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // full or refused: memory holds it
    }
  }

  clear(...names) {
    for (const name of names) {
      this.memory.delete(`${this.prefix}:${name}`);
      this.storage?.removeItem(`${this.prefix}:${name}`);
    }
  }

  read(key) {
    return this.storage?.getItem(key) ?? this.memory.get(key) ?? null;
  }
}

const storageOf = (name) => {
  try {
    return window[name]; // the getter itself throws where storage is refused
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
};

/** Shelves for one connector: `session` for the browser, `tab` for this tab. */
export const openStore = (token) => ({
  session: new Shelf(storageOf("localStorage"), `${PREFIX}:${token}`),
  tab: new Shelf(storageOf("sessionStorage"), `${PREFIX}:${token}`),
});
