/**
 * Takes docs/images/summary.png: the job summary as GitHub renders it, in headless Chromium.
 *
 *     node scripts/summary-picture.mjs [summary.md]
 *
 * Without a file it runs the built gate on the server with the session bug. Chromium is the one on the PATH, or $CHROMIUM;
 * signs like ❌ need a font that has them (Debian: fonts-noto-color-emoji).
 * Mermaid is the package `mermaid` where it is installed, or the file $MERMAID (mermaid.min.js), else diagrams stay code.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { marked } from 'marked';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PICTURE = join(ROOT, 'docs/images/summary.png');
const EXAMPLE = 'examples/oauth/vulnerable.yaml';
/** Pixels: the column of a summary on GitHub, and the most that still shows in a README. */
const WIDTH = 1012;
/** A little smaller than on GitHub, so that it fits into LARGEST. */
const SCALE = 0.9;
const HIGHEST = 6000;
const LARGEST = 300 * 1024;

const chromium = findChromium();
const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-picture-'));
try {
  const markdown = await readFile(process.argv[2] ?? (await summaryOfExample()), 'utf8');
  const page = join(folder, 'page.html');
  await writeFile(page, await pageOf(markdown));
  const height = heightOf(page);
  draw(page, ['--hide-scrollbars', `--window-size=${WIDTH},${height}`, `--screenshot=${PICTURE}`]);
  const { size } = await stat(PICTURE);
  if (size > LARGEST)
    throw new Error(`The picture has ${size} bytes; expected at most ${LARGEST}. Show less of the summary.`);
  console.log(`docs/images/summary.png: ${WIDTH} × ${height} at ${SCALE}, ${size} bytes`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function findChromium() {
  const named = process.env.CHROMIUM;
  const names = named === undefined ? ['chromium', 'chromium-browser', 'google-chrome'] : [named];
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (found === undefined) {
    console.error(
      `There is no Chromium: tried ${names.join(', ')}. Install one (Debian: apt-get install chromium), or set CHROMIUM to its path. The picture was left as it is.`,
    );
    process.exit(1);
  }
  return found;
}

async function summaryOfExample() {
  const file = join(folder, 'summary.md');
  const { status } = spawnSync(process.execPath, ['dist/cli.js', 'check', EXAMPLE, '--summary', file], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 1) throw new Error(`${EXAMPLE} ended with exit code ${status}; expected 1, a denial.`);
  return file;
}

async function pageOf(markdown) {
  const css = await readFile(
    join(ROOT, 'node_modules/github-markdown-css/github-markdown-light.css'),
    'utf8',
  );
  const body = await marked.parse(markdown, { gfm: true });
  const mermaid = mermaidFile();
  if (mermaid === null)
    console.error('Mermaid is not installed: diagrams are shown as code, which GitHub would draw.');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Job summary</title>
<style>${css}
body { margin: 0; padding: 24px 32px; background: #fff; }
pre.mermaid { background: none; text-align: center; }
</style>
<body class="markdown-body">${body}
${mermaid === null ? '' : `<script src="${pathToFileURL(mermaid)}"></script>`}
<script type="module">
for (const code of document.querySelectorAll('code.language-mermaid')) {
  if (globalThis.mermaid === undefined) break;
  code.parentElement.className = 'mermaid';
  code.replaceWith(code.textContent);
}
await globalThis.mermaid?.run({ querySelector: 'pre.mermaid' });
document.body.dataset.height = Math.ceil(document.documentElement.getBoundingClientRect().height);
</script></body></html>`;
}

function mermaidFile() {
  const files = [process.env.MERMAID, join(ROOT, 'node_modules/mermaid/dist/mermaid.min.js')];
  const found = files.find((file) => file !== undefined && existsSync(file));
  return found === undefined ? null : resolve(found);
}

function heightOf(page) {
  const dom = draw(page, [`--window-size=${WIDTH},800`, '--dump-dom']);
  const height = Number(/data-height="(\d+)"/.exec(dom)?.[1]);
  if (!(height > 0)) throw new Error('Chromium did not finish the page: it has no height.');
  return Math.min(height, HIGHEST);
}

function draw(page, options) {
  const common = [
    '--headless',
    '--disable-gpu',
    '--disable-lcd-text',
    `--force-device-scale-factor=${SCALE}`,
    '--allow-file-access-from-files',
    '--virtual-time-budget=20000',
  ];
  // Chromium refuses its sandbox to root, as which containers run.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const { status, stdout, stderr } = spawnSync(
    chromium,
    [
      ...common,
      ...sandbox,
      `--user-data-dir=${join(folder, 'profile')}`,
      ...options,
      pathToFileURL(page).href,
    ],
    { encoding: 'utf8', timeout: 120_000, maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`Chromium ended with ${status}: ${stderr.slice(-2_000)}`);
  return stdout;
}
