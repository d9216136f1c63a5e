/* The look, as a constructed stylesheet: adoptedStyleSheets need no style-src from the page that hosts us. */
import { parts } from "./styles-parts.js";

const LIGHT = `
  --canvas: #F5F6F8; --panel: #FFFFFF; --sunken: #F0F2F5; --line: #E5E8ED; --line-2: #D3D7DF; --ctl: #838B99;
  --ink: #14171D; --ink-2: #454C59; --ink-3: #646B79;
  --blue: #2F55D4; --blue-ink: #2546B4; --blue-soft: #ECF0FE; --blue-line: #C5D1FA; --focus: #2F55D4; --human: #ECF0FE;
  --ai: #6D45B8; --ai-soft: #F3EEFC; --amber: #85540A; --amber-soft: #FFF3D6; --amber-dot: #C57A0C;
  --red: #B3262D; --green-dot: #1F9D5A; --dots: #646B79;
  --float: 0 24px 64px -12px rgba(20,23,29,.32), 0 0 0 1px rgba(20,23,29,.08);
`;
const DARK = `
  --canvas: #0C0E12; --panel: #14171C; --sunken: #1C2027; --line: #252A32; --line-2: #343A45; --ctl: #69717F;
  --ink: #EDEFF3; --ink-2: #B1B8C4; --ink-3: #8E97A6;
  --blue: #3F63DB; --blue-ink: #9DB4FF; --blue-soft: #1B2546; --blue-line: #31427A; --focus: #8AA3FF; --human: #22305E;
  --ai: #C0A5F5; --ai-soft: #271D3C; --amber: #F0BC62; --amber-soft: #33260E; --amber-dot: #E5A93D;
  --red: #FF938E; --green-dot: #3FBF7F; --dots: #B1B8C4;
  --float: 0 24px 64px -12px rgba(0,0,0,.6), 0 0 0 1px #343A45;
`;

const FRAME = `
:host { all: initial; ${LIGHT}
  font: 400 14px/21px "Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-optical-sizing: auto; color: var(--ink); color-scheme: light; -webkit-font-smoothing: antialiased; }
:host([theme="dark"]) { ${DARK} color-scheme: dark; }
@media (prefers-color-scheme: dark) { :host([theme="auto"]) { ${DARK} color-scheme: dark; } }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, p, ol { margin: 0; padding: 0; list-style: none; font: inherit; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.icon { display: block; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { position: fixed; z-index: 2147483000; inset-block-end: 24px; inset-inline-end: 28px; width: 56px; height: 56px;
  border-radius: 50%; display: grid; place-items: center; background: var(--brand); color: var(--on-brand);
  box-shadow: 0 12px 28px -4px rgba(20,23,29,.32); }
.launcher .count { position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 22px; height: 22px; padding: 0 6px;
  border-radius: 11px; background: var(--blue); color: #fff; font-size: 12px; line-height: 22px; font-weight: 600; text-align: center;
  font-variant-numeric: tabular-nums; box-shadow: 0 0 0 2px #fff; }

.panel { position: fixed; z-index: 2147483000; inset-block-end: 24px; inset-inline-end: 28px; width: 384px;
  height: min(716px, 100vh - 48px); height: min(716px, 100dvh - 48px); display: flex; flex-direction: column; overflow: hidden;
  background: var(--panel); border-radius: 16px; box-shadow: var(--float); }

.head { display: flex; align-items: center; padding-block: 14px 10px; padding-inline: 18px 11px; }
.head > div { flex: 1; min-width: 0; }
.title { font-size: 15px; line-height: 20px; font-weight: 600; letter-spacing: -0.005em; }
.status { display: flex; align-items: center; gap: 6px; font-size: 12px; line-height: 18px; color: var(--ink-2); }
.status .text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lamp { width: 9px; height: 9px; border-radius: 50%; flex: none; background: var(--tone); }
.lamp[data-tone="none"] { background: none; box-shadow: inset 0 0 0 1.5px var(--ctl); }
.lamp[data-tone="ai"] { --tone: var(--ai); } .lamp[data-tone="wait"] { --tone: var(--amber-dot); } .lamp[data-tone="human"] { --tone: var(--green-dot); }
.head button { width: 30px; height: 30px; border-radius: 6px; display: grid; place-items: center; }
.head button:hover { background: var(--sunken); }
.rule { height: 2px; flex: none; background: linear-gradient(var(--line), var(--line)) bottom / 100% 1px no-repeat; }
.rule[data-handoff] { background: linear-gradient(to right, var(--ai), var(--blue)); }
:host(:dir(rtl)) .rule[data-handoff] { background: linear-gradient(to left, var(--ai), var(--blue)); }

.ask { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 10px 18px; border-block-end: 1px solid var(--line); font-size: 13px; }
.ask p { flex: 1; }
.button { min-height: 32px; padding: 0 12px; border-radius: 6px; font-size: 13px; font-weight: 500; box-shadow: inset 0 0 0 1px var(--line-2); }
.button:hover { background: var(--sunken); }
.button.main { background: var(--brand); color: var(--on-brand); box-shadow: none; }

.banner { display: flex; align-items: center; gap: 10px; margin: 0 14px 10px; padding: 8px 12px; border-radius: 8px;
  background: var(--amber-soft); color: var(--amber); font-size: 12px; line-height: 17px; }
.banner .clock { font-variant-numeric: tabular-nums; }
.banner p { flex: 1; }
.banner .button { color: var(--ink); background: var(--panel); }

.foot { padding: 0 14px 15px; }
.box { display: flex; align-items: flex-end; gap: 8px; padding-block: 7px; padding-inline: 14px 8px; border: 1px solid var(--ctl); border-radius: 10px; background: var(--panel); }
.box:focus-within { border-color: var(--focus); box-shadow: 0 0 0 1px var(--focus); }
textarea { flex: 1; min-width: 0; font: inherit; color: inherit; background: none; border: 0; resize: none; padding: 5px 0 4px; margin: 0; height: 30px; max-height: 120px; }
textarea:focus-visible { outline: none; }
textarea::placeholder, input::placeholder { color: var(--ink-3); opacity: 1; }
.send { width: 30px; height: 30px; flex: none; border-radius: 6px; display: grid; place-items: center; background: var(--brand); color: var(--on-brand); }
.mail { display: block; margin-block-end: 8px; font-size: 12px; line-height: 18px; color: var(--ink-2); }
.mail input { display: block; width: 100%; height: 34px; margin-block-start: 4px; padding: 0 12px; font: inherit; font-size: 14px; color: var(--ink); background: var(--panel); border: 1px solid var(--ctl); border-radius: 6px; }
.again { width: 100%; min-height: 44px; border-radius: 10px; background: var(--brand); color: var(--on-brand); font-weight: 500; }

@media (pointer: coarse), (max-width: 479px) {
  .head button { width: 44px; height: 44px; } .head { padding-block: 8px; }
  .send { width: 44px; height: 44px; border-radius: 8px; } textarea { height: 44px; padding-block: 12px 11px; font-size: 16px; }
  .button, .chip { min-height: 44px; } .mail input { height: 44px; font-size: 16px; } .box { padding-block: 3px; padding-inline-end: 4px; }
}
@media (max-width: 479px) {
  .panel { inset: 0; width: auto; height: var(--seen-height, 100dvh); border-radius: 0; box-shadow: none; }
  .foot { padding-block-end: max(12px, env(safe-area-inset-bottom)); }
  .launcher { inset-block-end: 16px; inset-inline-end: 16px; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
@media (forced-colors: active) { .bubble, .card, .box, .launcher { border: 1px solid CanvasText; } .knob, .bar, .lamp { forced-color-adjust: none; } }
`;

/** The stylesheet of one widget. */
export const stylesheet = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(FRAME + parts);
  return sheet;
};

/** Sets the shop's colour and a text colour that can be read on it. Not a colour: ours is kept. */
export const paint = (element, accent) => {
  const colour = CSS.supports("color", accent) ? accent : "#2F55D4";
  element.style.setProperty("--brand", colour);
  element.style.setProperty("--on-brand", isBright(colour) ? "#14171D" : "#FFFFFF");
};

// Above this luminance black text has the better contrast (WCAG 2.2, relative luminance).
const isBright = (colour) => {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => {
    const c = byte / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
};
