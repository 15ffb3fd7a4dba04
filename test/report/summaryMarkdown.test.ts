import { describe, expect, it } from '@jest/globals';
import { marked, type Token } from 'marked';
import type { Report } from '../../src/report/report.js';
import { renderSummary } from '../../src/report/summary.js';
import { CLEAN, FIXTURE, REVIEWED } from './fixture.js';
import { HOSTILE, hostileReport } from './hostile.js';

/** Every token of the document, whatever it stands in. */
function tokensOf(report: Report): Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(renderSummary(report)), (token) => {
    tokens.push(token);
  });
  return tokens;
}

function htmlOf(tokens: readonly Token[]): string[] {
  const tags = tokens
    .filter(({ type }) => type === 'html')
    .flatMap(({ raw }) => raw.replace(/<pre>[^<]*<\/pre>/gu, '<pre></pre>').match(/<[^>]*>?/gu) ?? []);
  return [...new Set(tags)].sort();
}

const OWN_TAGS =
  /^<(?:details|details open|\/details|summary|\/summary|pre|\/pre|code|\/code|br|span|\/span)>$/u;

describe.each([
  ...HOSTILE.map(([name, text]) => [name, hostileReport(text)] as const),
  ['the fixture', FIXTURE] as const,
  ['a run without findings', CLEAN] as const,
])('the job summary as Markdown: %s', (_name, report) => {
  const tokens = tokensOf(report);

  it('has no HTML but our own', () => {
    expect(htmlOf(tokens).filter((tag) => !OWN_TAGS.test(tag))).toEqual([]);
  });

  it('links only what stands under "See", and shows no image', () => {
    const links = tokens.filter(({ type }) => type === 'link');
    expect(links.filter(({ raw }) => !/^<https?:\/\/[^\s<>]+>$/u.test(raw))).toEqual([]);
    expect(tokens.filter(({ type }) => type === 'image' || type === 'def')).toEqual([]);
  });

  it('has no code block but diagrams', () => {
    const blocks = tokens.filter(({ type }) => type === 'code');
    expect(blocks.filter((block) => !('lang' in block) || block.lang !== 'mermaid')).toEqual([]);
  });
});

describe('the job summary of a hostile server', () => {
  it('is built like that of any other', () => {
    const shape = (text: string): string[] =>
      tokensOf(hostileReport(text))
        .filter(({ type }) => ['heading', 'table', 'list', 'list_item', 'code', 'hr'].includes(type))
        .map(({ type }) => type)
        .sort();
    const plain = shape('plain');
    expect(plain.filter((type) => type === 'code').length).toBeGreaterThan(1);
    expect(HOSTILE.filter(([, text]) => shape(text).join() !== plain.join()).map(([name]) => name)).toEqual(
      [],
    );
  });
});

describe('whose policies decided', () => {
  it('is said with the commit, and with what a change adds in vain', () => {
    expect(renderSummary(REVIEWED)).toContain(
      'Policies: the base of this change at commit 0123456789ab. Only this change has `policies/relaxed.rego`, which decides nothing before it is merged.',
    );
  });
});
