/** How the HTML report looks. Colours have one table, so that a test can compute their contrast in both modes. */

/** Name, light, dark. Text colours are read on `ground`, `panel` and `well`; `ground` is also the text on a filled badge. */
export const PALETTE = {
  ground: ['#ffffff', '#0d1117'],
  panel: ['#f6f8fa', '#161b22'],
  well: ['#eef1f4', '#1f262e'],
  text: ['#1f2328', '#e6edf3'],
  muted: ['#545d68', '#a4aebb'],
  edge: ['#d0d7de', '#3d444d'],
  control: ['#6e7781', '#7d8590'],
  link: ['#0550ae', '#79c0ff'],
  deny: ['#b3202a', '#ff8f89'],
  warn: ['#7a4a00', '#e3b341'],
  notice: ['#0550ae', '#79c0ff'],
  waived: ['#545d68', '#a4aebb'],
  allow: ['#116329', '#6fdd8b'],
  undecided: ['#6639a6', '#d2a8ff'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

const variables = Object.entries(PALETTE)
  .map(([name, [light, dark]]) => `--${name}:light-dark(${light},${dark})`)
  .join(';');

/** The whole style sheet. Its digest stands in the content security policy, so nothing is put into it later. */
export const STYLE = `
:root{color-scheme:light dark;${variables}}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
.skip{position:absolute;left:-99rem;top:0;padding:.6rem 1rem;background:var(--ground);z-index:1}
.skip:focus{left:0}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
body>header,main,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}
body>header{padding-top:1.75rem;position:relative}
footer{padding:1.5rem 1.25rem 3rem;color:var(--muted);font-size:.9rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 9rem .4rem 0}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--edge)}
h3{font-size:1.08rem;margin:1.6rem 0 .6rem}
h4{font-size:1rem;margin:0}
p{margin:.4rem 0}
.muted{color:var(--muted)}
.lead{font-size:1.05rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em;background:var(--well);border-radius:4px}
code{padding:.1em .35em;unicode-bidi:isolate}
pre{padding:.7rem .85rem;margin:.4rem 0;white-space:pre-wrap;line-height:1.45;max-height:26rem;overflow:auto}
#theme{position:absolute;right:1.25rem;top:1.75rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:.9rem 0 0;padding:0}
.badge{display:inline-block;padding:.05em .6em;border-radius:1em;font-size:.82rem;font-weight:650;border:1px solid currentcolor;white-space:nowrap}
.badge.filled{color:var(--ground);border-color:transparent}
.deny{--tone:var(--deny)}.warn{--tone:var(--warn)}.notice{--tone:var(--notice)}.waived{--tone:var(--waived)}
.allow{--tone:var(--allow)}.undecided{--tone:var(--undecided)}
.badge,.hit{color:var(--tone)}
.badge.filled{background:var(--tone);color:var(--ground)}
.hit{font-weight:650;white-space:nowrap}
.card{background:var(--panel);border:1px solid var(--edge);border-left:.4rem solid var(--tone);border-radius:6px;padding:.8rem 1rem;margin:.7rem 0}
.card .meta{color:var(--muted);font-size:.9rem;margin:.3rem 0}
.card.waived{border-left-style:double}
.do{border-left:3px solid var(--edge);padding-left:.8rem}
.filters{display:flex;flex-wrap:wrap;gap:.7rem 1rem;align-items:end;margin:.6rem 0}
.filters label{display:block;font-size:.88rem;color:var(--muted)}
input,select,button{font:inherit;color:var(--text);background:var(--ground);border:1px solid var(--control);border-radius:6px;padding:.35rem .6rem;max-width:100%}
button{cursor:pointer;background:var(--panel)}
[aria-pressed=true]{background:var(--link);color:var(--ground)}
.filters .grow{flex:1 1 12rem}.filters .grow input{width:100%}
.wide{overflow-x:auto;position:relative;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;font-weight:650;padding:.3rem 0}
h2+.wide caption,h3+.wide caption,details caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{border:1px solid var(--edge);padding:.35rem .6rem;text-align:left;vertical-align:top}
table{overflow-wrap:break-word}
td code,th code,td bdi,th bdi{overflow-wrap:anywhere}
td:has(code,bdi),th:has(code,bdi){min-width:8rem}
thead th{background:var(--panel);overflow-wrap:normal}
tbody th{font-weight:500}
td div+div{margin-top:.25rem}
.loud{font-weight:650}
details{border:1px solid var(--edge);border-radius:6px;margin:.5rem 0;padding:0 .8rem}
details[open]{padding-bottom:.6rem}
summary{cursor:pointer;padding:.4rem 0}
:target{outline:3px solid var(--link);outline-offset:2px;border-radius:6px}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.25rem 1rem;margin:.5rem 0}
dt{color:var(--muted)}dd{margin:0;min-width:0}
@media (max-width:40rem){h1{margin-right:0}#theme{position:static;margin-bottom:.6rem}dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}.filters div{flex:1 1 100%}.filters select{width:100%}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{:root,:root[data-theme]{color-scheme:light}#theme,#filters,nav,.skip{display:none!important}pre{max-height:none}.card,tr{break-inside:avoid}.wide{overflow:visible}details::details-content{content-visibility:visible;block-size:auto}body>header,main,footer{max-width:none}}
`;
