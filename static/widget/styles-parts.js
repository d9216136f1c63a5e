/* The transcript's part of the stylesheet. */
export const parts = `
.log { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 16px; display: flex; flex-direction: column;
  scrollbar-width: thin; scrollbar-color: var(--line-2) transparent; }
.log:focus-visible { outline-offset: -2px; }
.log::before { content: ""; margin-block-start: auto; }
.log > * { flex: none; }

.turn { display: flex; flex-direction: column; align-items: flex-start; margin-block-start: 10px; position: relative; }
.turn.joined-up { margin-block-start: 4px; }
.turn[data-author="customer"] { align-items: flex-end; }
.turn[data-author="human"] { padding-inline-start: 32px; }
.bubble { max-width: min(284px, 84%); padding: 8px 13px; border-radius: 12px; line-height: 20px; white-space: pre-wrap; overflow-wrap: anywhere; }
.turn[data-author="human"] .bubble { max-width: 276px; }
[data-author="customer"] .bubble { background: var(--brand); color: var(--on-brand); border-end-end-radius: 3px; }
[data-author="ai"] .bubble { background: var(--sunken); border-end-start-radius: 3px; }
[data-author="human"] .bubble { background: var(--human); border-end-start-radius: 3px; }
.bubble a.inline { color: inherit; text-underline-offset: 2px; }
.face { position: absolute; inset-inline-start: 0; inset-block-start: 8px; width: 24px; height: 24px; border-radius: 50%; display: grid; place-items: center;
  background: var(--human); color: var(--blue-ink); font-size: 11px; line-height: 1; font-weight: 600; letter-spacing: -0.02em; }
.turn:has(.dots) .face { inset-block-start: 1px; }
.meta { display: flex; align-items: center; gap: 4px; margin-block-start: 3px; padding-inline: 4px; font-size: 11px; line-height: 16px; color: var(--ink-3); }
.meta:empty { display: none; }
[data-author="customer"] .meta { padding-inline: 0; }
[data-author="ai"] .meta { color: var(--ai); }
.meta .late { color: var(--red); display: inline-flex; gap: 4px; align-items: center; }

.link { color: var(--blue-ink); text-decoration: underline; text-underline-offset: 2px; text-decoration-thickness: 1px; }
.link:hover { text-decoration-thickness: 2px; }
.note { margin: 12px auto 0; max-width: 300px; text-align: center; text-wrap: pretty; font-size: 12px; line-height: 16px; color: var(--ink-3); }
.note.error { color: var(--red); }
.note .link { min-height: 24px; }

.card { margin-block-start: 12px; padding: 12px 13px 11px; border-radius: 10px; box-shadow: inset 0 0 0 1px var(--line); }
.card .facts { display: flex; justify-content: space-between; gap: 12px; line-height: 20px; font-variant-numeric: tabular-nums; }
.card .facts strong { font-weight: 600; }
.card .facts span { color: var(--ink-2); text-align: end; }
.track { display: flex; align-items: center; margin: 9px 6px 6px; }
.knob { width: 18px; height: 18px; border-radius: 50%; flex: none; display: grid; place-items: center; background: var(--line); color: #fff; }
.knob .icon { stroke-width: 2.5; }
.knob[data-tone="ai"] { background: var(--ai); } .knob[data-tone="blue"] { background: var(--blue); } .knob[data-tone="wait"] { background: var(--amber-dot); }
.knob[data-now]::after { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--panel); }
.bar { flex: 1; height: 2px; background: var(--line); }
.bar[data-done="handoff"] { background: linear-gradient(to right, var(--ai), var(--blue)); }
:host(:dir(rtl)) .bar[data-done="handoff"] { background: linear-gradient(to left, var(--ai), var(--blue)); }
.bar[data-done="blue"] { background: var(--blue); }
.labels { display: grid; grid-template-columns: 1fr auto 1fr; gap: 8px; font-size: 11px; line-height: 16px; color: var(--ink-2); }
.labels li:nth-child(2) { text-align: center; } .labels li:nth-child(3) { text-align: end; }

.tile { display: flex; align-items: center; gap: 10px; margin-block-start: 6px; max-width: 284px; padding: 10px 13px; border-radius: 10px; color: inherit; text-decoration: none; box-shadow: inset 0 0 0 1px var(--line-2); }
.tile:hover { background: var(--sunken); }
.tile .name { flex: 1; overflow-wrap: anywhere; font-weight: 500; }
.tile .do { color: var(--blue-ink); font-size: 12px; white-space: nowrap; }
.picture { display: block; margin-block-start: 6px; width: min(284px, 84%); border-radius: 10px; overflow: hidden; box-shadow: 0 0 0 1px var(--line); }
.picture img { display: block; width: 100%; max-height: 240px; object-fit: cover; }

.way { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 6px 14px; margin-block-start: 10px; }
.way[hidden] { display: none; }
.way .button { display: inline-flex; align-items: center; gap: 8px; text-decoration: none; }
.way .link { min-height: 32px; font-size: 13px; }

.chips { display: flex; flex-wrap: wrap; gap: 6px; margin-block-start: 10px; }
.chip { min-height: 32px; padding: 5px 12px; border-radius: 16px; text-align: start; font-size: 13px; line-height: 18px; color: var(--blue-ink); box-shadow: inset 0 0 0 1px var(--blue-line); }
.chip:hover { background: var(--blue-soft); }

.dots { display: inline-flex; gap: 5px; align-items: center; height: 26px; padding-block: 0; }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: var(--dots); animation: think 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .2s; opacity: .7; } .dots i:nth-child(3) { animation-delay: .4s; opacity: .45; }
.dots i { opacity: 1; }
@keyframes think { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
.fresh { animation: appear .12s ease-out; }
@keyframes appear { from { opacity: 0; } }
`;
