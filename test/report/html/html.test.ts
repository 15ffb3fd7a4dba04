import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeOutputs } from '../../../src/commands/outputs.js';
import { HTML_BYTES, renderHtml } from '../../../src/report/html/html.js';
import type { Report } from '../../../src/report/report.js';
import { CLEAN, FIXTURE, finding, report, server } from '../fixture.js';
import { expectGolden } from '../golden.js';
import type { Element } from '../xml.js';
import { carelessServer } from './facts.js';
import { named, type Page, readPage, textOf } from './page.js';

const CARELESS = report([carelessServer()]);
const REPORTS: Readonly<Record<string, Report>> = { fixture: FIXTURE, clean: CLEAN, careless: CARELESS };

const sha = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
const attribute = (element: Element | undefined, name: string): string | undefined =>
  element?.attributes.get(name);
const withAttribute = (page: Page, name: string): Element[] =>
  page.elements.filter((element) => element.attributes.has(name));

describe('the HTML report', () => {
  it('is the golden file for the fixture', () => {
    expectGolden('goldens/report.html', renderHtml(FIXTURE));
  });

  it('is the golden file for a run without findings', () => {
    expectGolden('goldens/clean-report.html', renderHtml(CLEAN));
  });

  it('is the same for the same content in another order of findings, and leaves the report as it was', () => {
    const before = structuredClone(FIXTURE);
    const servers = FIXTURE.servers.map((one) => ({ ...one, findings: [...one.findings].reverse() }));
    expect(renderHtml({ ...FIXTURE, servers })).toBe(renderHtml(FIXTURE));
    expect(FIXTURE).toEqual(before);
  });

  it('tells apart servers of the same name', () => {
    const page = readPage(
      renderHtml(report([server({ findings: [finding()] }), server({ findings: [finding()] })])),
    );
    expect(named(page, 'article').map((one) => attribute(one, 'data-server'))).toEqual(['s1', 's2']);
  });

  it('says which files decided, and what decides nothing yet', () => {
    const source = { kind: 'base', commit: 'd55b2c8f00', pending: ['policies/new.rego'] } as const;
    const page = readPage(
      renderHtml({
        ...CLEAN,
        policy: { ...CLEAN.policy, source: { ...source, pending: [...source.pending] } },
      }),
    );
    const policy = page.elements.find((one) => attribute(one, 'id') === 'policy');
    const text = policy === undefined ? '' : textOf(policy);
    expect(text).toContain('from the base of the change under review');
    expect(text).toContain('Base commitd55b2c8f00');
    expect(text).toContain('policies/new.rego');
  });
});

describe('writing it', () => {
  it('puts it where it was asked for, with what the policies under review would change', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-html-test-'));
    try {
      const proposal = {
        problems: [{ file: 'policies/a.rego', row: 3, col: 1, message: 'rego_parse_error' }],
        impact: null,
        lines: new Map(),
      };
      await writeOutputs({ html: 'a/report.html' }, { report: CLEAN, rules: [], proposal }, folder);
      expect(await readFile(join(folder, 'a/report.html'), 'utf8')).toBe(renderHtml(CLEAN, { proposal }));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe.each(Object.entries(REPORTS))('the page of the %s report', (_name, which) => {
  const source = renderHtml(which);
  const page = readPage(source);
  const ids = withAttribute(page, 'id').map((one) => attribute(one, 'id'));

  it('allows exactly its own style and script, before anything that they could be', () => {
    const [meta] = named(page, 'meta').filter((one) => attribute(one, 'http-equiv') !== undefined);
    expect(attribute(meta, 'http-equiv')).toBe('Content-Security-Policy');
    expect(attribute(meta, 'content')).toBe(
      `default-src 'none'; style-src '${sha(page.style)}'; script-src '${sha(page.script)}'; base-uri 'none'; form-action 'none'`,
    );
    expect(source.indexOf('http-equiv')).toBeLessThan(source.indexOf('<style>'));
  });

  it('has nothing that a policy would have to allow inline, and loads nothing', () => {
    const names = new Set(page.elements.flatMap(({ attributes }) => [...attributes.keys()]));
    expect(
      [...names].filter((name) => /^on|^style$|^src|^action$|^formaction$|^ping$|^target$/u.test(name)),
    ).toEqual([]);
    expect(named(page, 'script', 'style', 'link', 'img', 'iframe', 'object', 'embed', 'base', 'svg')).toEqual(
      [],
    );
    expect(page.style).not.toMatch(/url\(|@import|@font-face/u);
    expect(page.script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|XMLHttp|import/u,
    );
  });

  it('links to its own parts, which exist, and to references of the policy only', () => {
    const links = named(page, 'a');
    const outside = links.filter((one) => !attribute(one, 'href')?.startsWith('#'));
    const references = which.servers.flatMap((one) => one.findings.flatMap((found) => found.references));
    expect(outside.filter((one) => !references.includes(attribute(one, 'href') ?? ''))).toEqual([]);
    expect(outside.filter((one) => attribute(one, 'rel') !== 'noreferrer noopener')).toEqual([]);
    const inside = links.map((one) => attribute(one, 'href') ?? '').filter((href) => href.startsWith('#'));
    expect(inside.filter((href) => !ids.includes(href.slice(1)))).toEqual([]);
  });

  it('uses no id twice, and labels by ids that exist', () => {
    expect(ids.length).toBe(new Set(ids).size);
    const named = ['for', 'aria-labelledby'].flatMap((name) =>
      withAttribute(page, name).map((one) => attribute(one, name)),
    );
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('has headings in order, landmarks, and a way past the contents', () => {
    const levels = named(page, 'h1', 'h2', 'h3', 'h4').map(({ name }) => Number(name.slice(1)));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    expect(['header', 'nav', 'main', 'footer'].map((name) => named(page, name).length)).toEqual([1, 1, 1, 1]);
    expect(attribute(named(page, 'a')[0], 'href')).toBe(`#${attribute(named(page, 'main')[0], 'id')}`);
    expect(named(page, 'section').filter((one) => !one.attributes.has('aria-labelledby'))).toEqual([]);
    expect(attribute(page.root, 'lang')).toBe('en');
  });

  it('names every table, its columns and its rows', () => {
    for (const table of named(page, 'table')) {
      expect(table.children.map(({ name }) => name)).toEqual(['caption', 'thead', 'tbody']);
      const [, head, body] = table.children;
      const columns = head?.children[0]?.children ?? [];
      expect(columns.map((cell) => attribute(cell, 'scope'))).toEqual(columns.map(() => 'col'));
      for (const row of body?.children ?? []) {
        expect(row.children.map((cell) => attribute(cell, 'scope') ?? '')).toEqual(
          columns.map((_cell, index) => (index === 0 ? 'row' : '')),
        );
      }
    }
  });

  it('names whatever can be operated', () => {
    const labelled = new Set(named(page, 'label').map((one) => attribute(one, 'for')));
    expect(named(page, 'input', 'select').filter((one) => !labelled.has(attribute(one, 'id')))).toEqual([]);
    const words = [...named(page, 'button'), ...named(page, 'summary'), ...named(page, 'a')];
    expect(words.filter((one) => textOf(one).trim() === '')).toEqual([]);
    expect(named(page, 'details').filter((one) => one.children[0]?.name !== 'summary')).toEqual([]);
  });

  it('shows nothing that only a script can serve', () => {
    const forms = named(page, 'form');
    const inForms = new Set(forms.flatMap((form) => form.children));
    const operated = [...forms, ...named(page, 'button').filter((one) => !inForms.has(one))];
    expect(operated.length).toBe(forms.length + 1);
    expect(operated.filter((one) => attribute(one, 'hidden') !== '')).toEqual([]);
  });

  it('says by word and sign, too, what it says by colour', () => {
    const coloured = named(page, 'span').filter((one) => /badge|hit/u.test(attribute(one, 'class') ?? ''));
    expect(coloured.length).toBeGreaterThan(0);
    expect(coloured.filter((one) => !/^[✗!i~✓?] \S/u.test(textOf(one)))).toEqual([]);
  });
});

describe('the size of the HTML report', () => {
  const NOTE = 'This page was cut to stay within its size.';

  it('stays within its limit, is well-formed wherever it ends, and says at both ends that it was cut', () => {
    const whole = renderHtml(CARELESS);
    const bytes = Buffer.byteLength(whole);
    const room =
      2 *
      Buffer.byteLength(
        `<p class="do" role="note">${NOTE} What is missing here is in the JSON report.</p>\n`,
      );
    const floor = Buffer.byteLength(renderHtml(CARELESS, { maxBytes: 0 }));
    for (let maxBytes = floor; maxBytes < bytes + room; maxBytes += 397) {
      const page = renderHtml(CARELESS, { maxBytes });
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(maxBytes);
      expect(page.split(NOTE).length).toBe(3);
      readPage(page);
    }
    expect(renderHtml(CARELESS, { maxBytes: bytes + room })).toBe(whole);
    expect(whole).not.toContain(NOTE);
  });

  it('keeps the decision however little room there is', () => {
    const page = readPage(renderHtml(CARELESS, { maxBytes: 0 }));
    expect(named(page, 'h1').map(textOf)).toEqual(['MCP deployment gate: denied']);
    expect(named(page, 'article')).toEqual([]);
  });

  it('is at most five mebibytes for twenty thousand findings', () => {
    const findings = Array.from({ length: 20_000 }, (_none, index) => finding({ message: `${index} <&>"ż` }));
    const page = renderHtml(report([server({ findings })]));
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(HTML_BYTES);
    expect(Buffer.byteLength(page)).toBeGreaterThan(HTML_BYTES - 5_000);
  });
});
