/** Draws what the gate prints about the server with the session bug as an SVG for the README, from a real run with colours. */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LINES = 40;
const LINE_HEIGHT = 18;
const CHARACTER_WIDTH = 7.8;
const COLUMNS = 118;
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff', 90: '#8b949e' };

const { stdout } = spawnSync(process.execPath, ['dist/cli.js', 'check', 'examples/oauth/vulnerable.yaml'], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, FORCE_COLOR: '1' },
});

const ESCAPE = String.fromCharCode(27);
const SGR = new RegExp(`${ESCAPE}\\[([0-9;]*)m`);
const SGR_PARTS = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);

const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** SGR codes to spans; only what the gate itself writes. */
function drawn(line) {
  let bold = false;
  let colour = null;
  return line
    .split(SGR_PARTS)
    .map((part) => {
      const codes = SGR.exec(part)?.[1];
      if (codes === undefined) {
        const style = `${colour === null ? '' : ` fill="${colour}"`}${bold ? ' font-weight="bold"' : ''}`;
        return part === '' ? '' : `<tspan${style}>${escapeXml(part)}</tspan>`;
      }
      for (const code of codes.split(';').map(Number)) {
        if (code === 0) [bold, colour] = [false, null];
        if (code === 1) bold = true;
        if (code === 2) colour = COLOURS[90];
        if (code === 22) bold = false;
        if (code === 39) colour = null;
        if (COLOURS[code] !== undefined) colour = COLOURS[code];
      }
      return '';
    })
    .join('');
}

const printed = stdout.trimEnd().split('\n');
const lines =
  printed.length <= LINES ? printed : [...printed.slice(0, LINES - 4), '    …', ...printed.slice(-3)];
const height = (lines.length + 2) * LINE_HEIGHT;
const width = Math.round(COLUMNS * CHARACTER_WIDTH + 40);
const text = lines
  .map(
    (line, index) =>
      `<text x="20" y="${(index + 2) * LINE_HEIGHT - 8}" xml:space="preserve">${drawn(line)}</text>`,
  )
  .join('\n');
await mkdir(join(root, 'docs/images'), { recursive: true });
await writeFile(
  join(root, 'docs/images/vulnerable.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Terminal output of mcp-gate for examples/oauth/vulnerable.yaml">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e6edf3">
${text}
</g>
</svg>
`,
);
