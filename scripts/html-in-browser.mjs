/**
 * Tries the HTML report in a real browser: hostile text runs nothing and asks for nothing, filters and evidence work by
 * keyboard, everything has a name, text is readable in both modes, and no width makes the page scroll sideways.
 *
 *     node scripts/html-in-browser.mjs [--optional]
 *
 * Chromium is the one on the PATH, or $CHROMIUM. Where there is none this fails; with --optional it says so and ends well.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { evaluate, findChromium, NO_CHROMIUM, open, withChromium } from './chromium.mjs';
import { fromSources } from './sources.mjs';

const KEYS = { Tab: 9, Enter: 13, ' ': 32, ArrowDown: 40 };
const TEXTS = { Enter: '\r', ' ': ' ' };

const program = findChromium();
if (program === null) {
  console.error(`${NO_CHROMIUM} The HTML report was not tried in a browser.`);
  process.exit(process.argv.includes('--optional') ? 0 : 1);
}

const { renderHtml, FIXTURE, report, HOSTILE, hostileReport, carelessServer } = await fromSources({
  'report/html/html': ['renderHtml'],
  '../test/report/fixture': ['FIXTURE', 'report'],
  '../test/report/hostile': ['HOSTILE', 'hostileReport'],
  '../test/report/html/facts': ['carelessServer'],
});
const GOOD = report([...FIXTURE.servers, { ...carelessServer(), name: 'account' }]);

const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-html-'));
let failed = 0;
let passed = 0;

function check(fact, actual, expected) {
  const same = JSON.stringify(actual) === JSON.stringify(expected);
  if (same) passed += 1;
  else failed += 1;
  if (!same) console.error(`FAILED: ${fact}\n  expected ${shortly(expected)}\n  received ${shortly(actual)}`);
}

function shortly(value) {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 600);
}

/** Shows a document; returns what happened meanwhile. */
async function show(page, name, source) {
  const file = join(folder, `${name}.html`);
  await writeFile(file, source);
  const from = page.events.length;
  const url = pathToFileURL(file).href;
  await open(page, url);
  return () => page.events.slice(from).flatMap((event) => incident(event, url));
}

/** What no report may cause: dialogs, requests, violations of its own policy, errors, windows. */
function incident({ method, params }, url) {
  if (method === 'Network.requestWillBeSent' && params.request.url.split('#')[0] !== url)
    return [`request to ${params.request.url}`];
  if (method === 'Page.javascriptDialogOpening') return [`dialog ${params.message}`];
  if (method === 'Log.entryAdded') return [`${params.entry.source}: ${params.entry.text}`];
  if (method === 'Runtime.exceptionThrown') return [`error ${params.exceptionDetails.text}`];
  if (method === 'Runtime.consoleAPICalled') return [`console.${params.type}`];
  if (method === 'Page.windowOpen') return [`window ${params.url}`];
  return [];
}

const SHAPE = `[...document.querySelectorAll('*')]
  .filter((one) => !['CODE', 'BR', 'BDI'].includes(one.tagName))
  .map((one) => [one.tagName, ...one.getAttributeNames().sort()].join(' ')).sort().join('\\n')`;
const SIDEWAYS = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';

async function hostileText(page) {
  await width(page, 320);
  await show(page, 'plain', renderHtml(hostileReport('plain')));
  const plain = await evaluate(page, SHAPE);
  for (const [index, [name, text]] of HOSTILE.entries()) {
    const incidents = await show(page, `hostile-${index}`, renderHtml(hostileReport(text)));
    check(`${name}: makes no element and no attribute`, (await evaluate(page, SHAPE)) === plain, true);
    await evaluate(page, "for (const one of document.querySelectorAll('details')) one.open = true");
    check(`${name}: does not widen the page`, await evaluate(page, SIDEWAYS), false);
    check(`${name}: nothing happens`, incidents(), []);
  }
  await width(page, 1000);
}

/** The control: markup that somehow got in would run nothing and load nothing, and the checks above would see it. */
async function policyWorks(page) {
  const smuggled =
    '<script>document.title = "owned"</script><img src="http://127.0.0.1:9/x.png" onerror="document.title = \'owned\'"><style>h1 { display: none }</style><footer>';
  const incidents = await show(page, 'smuggled', renderHtml(GOOD).replace('<footer>', smuggled));
  check(
    'smuggled markup: no script runs',
    await evaluate(page, 'document.title'),
    'MCP deployment gate: denied',
  );
  check(
    'smuggled markup: no style holds',
    await evaluate(page, "getComputedStyle(document.querySelector('h1')).display"),
    'block',
  );
  const seen = incidents();
  check(
    'smuggled markup: is reported',
    seen.some((one) => one.includes('Content Security Policy')),
    true,
  );
  const answered = page.events.filter(
    ({ method, params }) => method === 'Network.responseReceived' && params.response.url.includes('x.png'),
  );
  check('smuggled markup: nothing is loaded', answered, []);
}

async function withoutScripts(page) {
  await page.send('Emulation.setScriptExecutionDisabled', { value: true });
  await show(page, 'no-scripts', renderHtml(GOOD));
  const visible = (selector) =>
    evaluate(
      page,
      `[...document.querySelectorAll('${selector}')].filter((one) => one.checkVisibility()).length`,
    );
  check('without scripts: filters and theme are not shown', await visible('form, button'), 0);
  const all = GOOD.servers.flatMap(({ findings }) => findings).length;
  check('without scripts: every finding is shown', await visible('article'), all);
  await page.send('Emulation.setScriptExecutionDisabled', { value: false });
}

async function press(page, key) {
  const common = { key, code: key === ' ' ? 'Space' : key, windowsVirtualKeyCode: KEYS[key] };
  await page.send('Input.dispatchKeyEvent', {
    type: 'keyDown',
    ...common,
    ...(TEXTS[key] && { text: TEXTS[key] }),
  });
  await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
}

const FOCUSED = `(() => {
  const one = document.activeElement;
  return one === document.body ? '' : one.id || one.getAttribute('class') || one.tagName + ' ' + one.textContent.slice(0, 40);
})()`;

async function keyboard(page) {
  const incidents = await show(page, 'keyboard', renderHtml(GOOD));
  const focused = () => evaluate(page, FOCUSED);
  const state = () =>
    evaluate(
      page,
      "[document.querySelectorAll('article:not([hidden])').length, document.getElementById('count').textContent]",
    );
  const all = GOOD.servers.flatMap(({ findings }) => findings);
  const counting = (level) => all.filter((one) => one.waiver === null && one.level === level).length;
  const tabTo = async (id) => {
    for (let presses = 0; presses < 200 && (await focused()) !== id; presses += 1) await press(page, 'Tab');
    check(`keyboard: ${id} is reached`, await focused(), id);
  };

  await press(page, 'Tab');
  check('keyboard: the way past the contents comes first', await focused(), 'skip');
  await press(page, 'Enter');
  check('keyboard: it leads to the report', await focused(), 'content');

  await tabTo('by-level');
  await press(page, 'ArrowDown');
  const deny = counting('deny');
  check('keyboard: the level filters', await state(), [deny, `${deny} of ${all.length} findings shown`]);
  await tabTo('by-text');
  await page.send('Input.insertText', { text: 'NOBODY reviewed' });
  check('keyboard: the text filters, too', await state(), [1, `1 of ${all.length} findings shown`]);
  await press(page, 'Tab');
  await press(page, 'Enter');
  check('keyboard: all are shown again', await state(), [
    all.length,
    `${all.length} of ${all.length} findings shown`,
  ]);

  await evaluate(page, 'document.querySelector(\'.meta a[href^="#"]\').focus()');
  const target = await evaluate(page, 'document.activeElement.hash.slice(1)');
  await press(page, 'Enter');
  await new Promise((resolve) => setTimeout(resolve, 200));
  check(
    'keyboard: evidence opens and has the focus',
    await evaluate(
      page,
      `[document.getElementById('${target}').open, document.activeElement.parentElement.id === '${target}', document.activeElement.tagName]`,
    ),
    [true, true, 'SUMMARY'],
  );
  await evaluate(page, 'document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)');

  await evaluate(page, "document.getElementById('theme').focus()");
  const before = await evaluate(page, "document.getElementById('theme').getAttribute('aria-pressed')");
  await press(page, ' ');
  const after = await evaluate(page, "document.getElementById('theme').getAttribute('aria-pressed')");
  check('keyboard: the theme changes', [before, after].sort(), ['false', 'true']);

  check('keyboard: nothing else happens', incidents(), []);
}

/** From the beginning of a fresh page to its end, one Tab after the other. */
async function walk(page) {
  await show(page, 'walk', renderHtml(GOOD));
  const expected = await evaluate(
    page,
    `[...document.querySelectorAll('*')].flatMap((one, index) => one.tabIndex >= 0 && one.checkVisibility() ? [index] : [])`,
  );
  const seen = [];
  for (const _ of [...expected, 'one more']) {
    await press(page, 'Tab');
    seen.push(await evaluate(page, "[...document.querySelectorAll('*')].indexOf(document.activeElement)"));
  }
  check('keyboard: all that can be operated has the focus once, in order', seen.slice(0, -1), expected);
  check('keyboard: nothing holds the focus', seen.at(-1) !== expected.at(-1), true);
}

const NAMED = new Set([
  'button',
  'link',
  'combobox',
  'searchbox',
  'textbox',
  'region',
  'navigation',
  'table',
  'heading',
  'DisclosureTriangle',
  'form',
  'search',
]);

async function names(page) {
  await show(page, 'names', renderHtml(GOOD));
  const { nodes } = await page.send('Accessibility.getFullAXTree');
  const shown = nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name }) => [role.value, name?.value ?? '']);
  check(
    'names: everything that needs one has one',
    shown.filter(([role, name]) => NAMED.has(role) && name.trim() === ''),
    [],
  );
  const roles = new Set(shown.map(([role]) => role));
  for (const role of ['banner', 'navigation', 'main', 'contentinfo', 'search', 'status', 'table'])
    check(`names: there is a ${role}`, roles.has(role), true);
}

/** Texts whose contrast with what is behind them is below what WCAG 2.2 asks of small text. */
const FAINT = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => channels(colour).slice(0, 3).map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, index) => sum + one * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.body.querySelectorAll('*')]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .filter((one) => one.tagName !== 'SCRIPT' && one.checkVisibility())
    .map((one) => {
      const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), one.tagName + '.' + one.className];
    })
    .filter(([ratio]) => ratio < 4.5);
})()`;

async function looks(page) {
  for (const mode of ['light', 'dark']) {
    await page.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: mode }],
    });
    for (const wide of [320, 768, 1280]) {
      await width(page, wide);
      await show(page, `${mode}-${wide}`, renderHtml(GOOD));
      await evaluate(page, "for (const one of document.querySelectorAll('details')) one.open = true");
      check(`${mode}, ${wide} pixels: does not scroll sideways`, await evaluate(page, SIDEWAYS), false);
      check(`${mode}, ${wide} pixels: text is readable`, await evaluate(page, FAINT), []);
    }
  }
}

/** The checks above can fail: what they look for is found where it was put. */
async function controls(page) {
  await show(page, 'controls', renderHtml(GOOD));
  await evaluate(
    page,
    "document.querySelector('h1').style.color = '#999'; document.querySelector('h2').style.width = '200vw'",
  );
  await page.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: 'light' }],
  });
  check('control: faint text is found', (await evaluate(page, FAINT)).length, 1);
  check('control: a wide element is found', await evaluate(page, SIDEWAYS), true);
}

async function width(page, pixels) {
  await page.send('Emulation.setDeviceMetricsOverride', {
    width: pixels,
    height: 900,
    deviceScaleFactor: 1,
    mobile: false,
  });
}

try {
  await withChromium(program, async (page) => {
    for (const domain of ['Network', 'Log', 'Runtime', 'Accessibility']) await page.send(`${domain}.enable`);
    await hostileText(page);
    await policyWorks(page);
    await withoutScripts(page);
    await keyboard(page);
    await walk(page);
    await names(page);
    await looks(page);
    await controls(page);
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
