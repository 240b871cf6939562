// The report's style sheet: light, dark and print from one set of variables.
const LIGHT = `
  --page: #f6f6f3; --card: #ffffff; --text: #1c1c1a; --muted: #5d5d58; --grid: #e3e3dd; --accent: #0b5cad;
  --series-1: #0b5cad; --series-2: #c2500a; --series-3: #7a3e9d; --series-4: #8a6d00; --series-5: #a3195b;
  --series-6: #00776e; --series-7: #5a5a55; --series-8: #3f51c4; --series-9: #6b7d00; --series-10: #9c4b3c; --series-11: #2f7da8;
  --full: #1a7f4e;
  --phase-train: #0b5cad; --phase-rate: #58a5c9; --phase-select: #c2500a; --phase-annotate: #d9a441; --phase-extend: #1a7f4e;`;

const DARK = `
  --page: #161715; --card: #1f201e; --text: #eeeeea; --muted: #a9a9a2; --grid: #3a3b37; --accent: #7db8f5;
  --series-1: #7db8f5; --series-2: #f2a065; --series-3: #cfa3ea; --series-4: #dcc25a; --series-5: #f08ab5;
  --series-6: #5fc9bd; --series-7: #b9b9b2; --series-8: #a3aefc; --series-9: #c3d453; --series-10: #e39a8b; --series-11: #8fc6e8;
  --full: #63cf9a;
  --phase-train: #6fa8e6; --phase-rate: #9ad3ec; --phase-select: #f2a065; --phase-annotate: #edd08c; --phase-extend: #63cf9a;`;

export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 56px 24px 72px; }
.eyebrow { margin: 0 0 10px; color: var(--muted); font-size: 14px; }
h1 { margin: 0 0 18px; font-size: 31px; line-height: 1.24; font-weight: 650; letter-spacing: -0.012em; max-width: 27em; text-wrap: balance; }
h2 { margin: 0 0 6px; font-size: 20px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
h3 { margin: 26px 0 10px; font-size: 16px; font-weight: 600; }
p { margin: 0 0 10px; max-width: 46em; }
.lead { font-size: 17px; }
.muted, figcaption, caption { color: var(--muted); font-size: 14px; }
section { margin-top: 28px; padding: 26px 28px; background: var(--card); border: 1px solid var(--grid); border-radius: 12px; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 14px 24px; margin: 28px 0 0; }
dl.facts dt { color: var(--muted); font-size: 13px; }
dl.facts dd { margin: 1px 0 0; font-weight: 550; overflow-wrap: anywhere; }
.after { margin: 16px 0 0; }
figure { margin: 14px 0 0; }
figure svg { display: block; max-width: 100%; min-width: 600px; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14.5px; }
caption { text-align: left; padding: 0 0 10px; }
th, td { padding: 7px 12px 7px 0; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th { font-weight: 600; vertical-align: bottom; }
thead th { color: var(--muted); font-weight: 500; white-space: normal; }
th:first-child, td:first-child { text-align: left; }
tbody tr:last-child > * { border-bottom: 0; }
table.claims th, table.claims td { white-space: normal; text-align: left; vertical-align: top; }
table.claims thead th { min-width: 7em; }
td.best { font-weight: 700; }
.up { color: var(--full); } .down { color: var(--series-2); }
ul.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 14px 0 4px; padding: 0; list-style: none; font-size: 14px; }
ul.legend span { display: inline-block; width: 14px; height: 14px; margin-right: 7px; border-radius: 3px; vertical-align: -2px; border: 1px solid rgb(128 128 128 / 0.5); }
.shots { display: grid; grid-template-columns: repeat(4, 1fr); gap: 10px; margin: 0; }
.shots.three { grid-template-columns: repeat(3, 1fr); }
.shots.two { grid-template-columns: repeat(2, 1fr); max-width: 60%; }
.shots div { min-width: 0; }
.shots img { display: block; width: 100%; height: auto; border-radius: 6px; background: var(--grid); }
.shots span { display: block; margin-top: 5px; color: var(--muted); font-size: 13px; line-height: 1.35; }
.shot { margin-top: 18px; break-inside: avoid; }
.shot figcaption { margin-bottom: 7px; }
.shot figcaption b { color: var(--text); font-weight: 600; overflow-wrap: anywhere; }
details { margin-top: 10px; }
summary { cursor: pointer; color: var(--accent); }
pre { overflow-x: auto; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, "Liberation Mono", monospace; }
footer { margin-top: 28px; color: var(--muted); font-size: 14px; }
@media (max-width: 720px) {
  main { padding: 28px 14px 40px; } section { padding: 18px 16px; } h1 { font-size: 25px; }
  .shots, .shots.three, .shots.two { grid-template-columns: repeat(2, 1fr); max-width: none; }
}
@media print {
  :root { ${LIGHT} --page: #ffffff; }
  body { font-size: 11pt; } main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin-top: 22pt; } h2, h3 { break-after: avoid; } figure, tr { break-inside: avoid; }
}`;
