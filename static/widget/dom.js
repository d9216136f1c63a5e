/* Elements and icons. Everything the customer or an agent wrote goes in as text nodes, never as HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class: "x", onclick: f, "aria-label": "y", hidden: true}, ...children) */
export const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

const setProp = (element, name, value) => {
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
};

// Tabler Icons 3.51 (MIT), outline.
const PATHS = {
  alert: ["M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0", "M12 8v4", "M12 16h.01"],
  check: ["M5 12l5 5l10 -10"],
  chat: [
    "M3 20l1.3 -3.9c-2.324 -3.437 -1.426 -7.872 2.1 -10.374c3.526 -2.501 8.59 -2.296 11.845 .48c3.255 2.777 3.695 7.266 1.029 10.501c-2.666 3.235 -7.615 4.215 -11.574 2.293l-4.7 1",
  ],
  close: ["M18 6l-12 12", "M6 6l12 12"],
  link: ["M12 6h-6a2 2 0 0 0 -2 2v10a2 2 0 0 0 2 2h10a2 2 0 0 0 2 -2v-6", "M11 13l9 -9", "M15 4h5v5"],
  minimise: ["M5 12l14 0"],
  phone: ["M5 4h4l2 5l-2.5 1.5a11 11 0 0 0 5 5l1.5 -2.5l5 2v4a2 2 0 0 1 -2 2a16 16 0 0 1 -15 -15a2 2 0 0 1 2 -2"],
  send: ["M12 5l0 14", "M18 11l-6 -6", "M6 11l6 -6"],
  sparkles: [
    "M16 18a2 2 0 0 1 2 2a2 2 0 0 1 2 -2a2 2 0 0 1 -2 -2a2 2 0 0 1 -2 2m0 -12a2 2 0 0 1 2 2a2 2 0 0 1 2 -2a2 2 0 0 1 -2 -2a2 2 0 0 1 -2 2m-7 12a6 6 0 0 1 6 -6a6 6 0 0 1 -6 -6a6 6 0 0 1 -6 6a6 6 0 0 1 6 6",
  ],
};

export const icon = (name, size = 16) => {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: "icon" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
};

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Text with its web addresses as links. */
export const withLinks = (text) => {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    parts.push(text.slice(from, match.index), outside(match[0], { class: "inline" }, match[0]));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
};

/** A link that leaves the shop's page alone. */
export const outside = (href, props, ...children) =>
  h("a", { href, target: "_blank", rel: "noopener noreferrer", ...props }, ...children);

const addressWith = (text, protocols) => {
  if (!text || !URL.canParse(text, location.href)) return null;
  const url = new URL(text, location.href);
  return protocols.includes(url.protocol) ? url.href : null;
};

/** The address when it is http(s), else null: what others sent us must not become javascript: or data:. */
export const safeUrl = (text) => addressWith(text, ["http:", "https:"]);

/** The way to a person: a page, a call or a mail; null for a name only the page's own app can read. */
export const wayUrl = (text) => addressWith(/^[a-z]+:/i.test(text) ? text : "", ["https:", "http:", "tel:", "mailto:"]);
