/**
 * Takes docs/images/html-report.png: the committed golden of the HTML report in headless Chromium, its findings in light
 * and its tables and evidence in dark, side by side.
 *
 *     node scripts/screenshots.mjs [report.html [folder]]
 *
 * With a report of your own and a folder, it takes whole pages there instead: light, dark and narrow.
 * Chromium is the one on the PATH, or $CHROMIUM; where there is none, this says so, and pictures stay as they are.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { evaluate, findChromium, NO_CHROMIUM, open, withChromium } from './chromium.mjs';
import { root } from './sources.mjs';

const PICTURE = join(root, 'docs/images/html-report.png');
const [WIDTH, HEIGHT] = [840, 1180];
const LARGEST = 300 * 1024;

const program = findChromium();
if (program === null) {
  console.error(`${NO_CHROMIUM} The pictures were left as they are.`);
  process.exit(1);
}
const [report = join(root, 'test/report/goldens/report.html'), folder] = process.argv.slice(2);
const url = pathToFileURL(resolve(report)).href;
await withChromium(program, (page) => (folder === undefined ? readme(page) : whole(page, resolve(folder))));

async function readme(page) {
  await look(page, 'light', WIDTH, HEIGHT);
  const left = await shot(page);
  await look(page, 'dark', WIDTH, HEIGHT);
  await evaluate(
    page,
    `(() => {
      const grid = [...document.querySelectorAll('summary')].find((one) => one.textContent.startsWith('Session binding'));
      if (grid === undefined) throw new Error('the golden has no session binding');
      const exchange = document.querySelector('details[id$="-x1"]');
      for (const one of [grid.parentElement, exchange]) one.open = true;
      grid.closest('section').querySelector('h2').scrollIntoView({ behavior: 'instant' });
    })()`,
  );
  const right = await shot(page);
  const both = [left, right]
    .map((one) => `<img width="${WIDTH}" src="data:image/png;base64,${one}">`)
    .join('');
  const { frameTree } = await page.send('Page.getFrameTree');
  await size(page, 2 * WIDTH, HEIGHT);
  await open(page, 'about:blank');
  await page.send('Page.setDocumentContent', {
    frameId: frameTree.frame.id,
    html: `<!doctype html><style>body { margin: 0; display: flex } img { display: block }</style>${both}`,
  });
  await evaluate(page, 'Promise.all([...document.images].map((one) => one.decode()))');
  await save(PICTURE, await shot(page));
  const { size: bytes } = await stat(PICTURE);
  if (bytes > LARGEST) throw new Error(`The picture has ${bytes} bytes; expected at most ${LARGEST}.`);
}

async function whole(page, where) {
  await mkdir(where, { recursive: true });
  for (const [mode, width] of [
    ['light', 1100],
    ['dark', 1100],
    ['light', 375],
    ['dark', 375],
  ]) {
    await look(page, mode, width, HEIGHT);
    const height = await evaluate(page, 'document.documentElement.scrollHeight');
    await size(page, width, Math.min(height, 8000));
    await save(join(where, `${mode}-${width}.png`), await shot(page));
  }
}

async function look(page, mode, width, height) {
  const features = [
    { name: 'prefers-color-scheme', value: mode },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ];
  await page.send('Emulation.setEmulatedMedia', { features });
  await size(page, width, height);
  await open(page, url);
}

async function size(page, width, height) {
  await page.send('Emulation.setDeviceMetricsOverride', {
    width,
    height,
    deviceScaleFactor: 1,
    mobile: false,
  });
}

async function shot(page) {
  const { data } = await page.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: false });
  return data;
}

async function save(file, data) {
  await mkdir(dirname(file), { recursive: true });
  const bytes = Buffer.from(data, 'base64');
  await writeFile(file, bytes);
  console.log(`${file.startsWith(root) ? file.slice(root.length + 1) : file}: ${bytes.length} bytes`);
}
