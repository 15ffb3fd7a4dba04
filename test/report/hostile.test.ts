import { describe, expect, it } from '@jest/globals';
import { annotationBudget, annotations } from '../../src/report/annotations.js';
import { renderJson } from '../../src/report/json.js';
import { renderJunit } from '../../src/report/junit.js';
import type { Report } from '../../src/report/report.js';
import { renderSarif } from '../../src/report/sarif.js';
import { renderSummary } from '../../src/report/summary.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { RULES } from './fixture.js';
import { HOSTILE, hostileReport } from './hostile.js';
import { parseXml } from './xml.js';

/** The text in which each output reaches whoever interprets it. Annotations: all strings, one after the other. */
const OUTPUTS: Readonly<Record<string, (report: Report) => string>> = {
  terminal: (report) => renderTerminal(report, { color: false, width: 80 }),
  annotations: (report) =>
    annotationBudget(annotations(report))
      .flatMap(({ title, message, file }) => [title, message, file])
      .join('\n'),
  summary: (report) => renderSummary(report),
  json: renderJson,
  sarif: (report) => renderSarif(report, RULES),
  junit: (report) => renderJunit(report, RULES),
};

const ACTING =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

function actingCharacters(text: string): string[] {
  return [...new Set(text.replace(/(?<=\p{Extended_Pictographic})\ufe0f/gu, '').match(ACTING) ?? [])].filter(
    (character) => character !== '\n',
  );
}

describe.each(HOSTILE)('%s', (_name, text) => {
  const report = hostileReport(text);

  describe.each(Object.entries(OUTPUTS))('in %s', (output, render) => {
    const result = render(report);
    const lines = result.split('\n');

    it('hides nothing: no escape, control, bidi, tag or zero-width character', () => {
      expect(actingCharacters(result)).toEqual([]);
    });

    it('gives the runner no command', () => {
      expect(lines.filter((line) => line.trimStart().startsWith('::'))).toEqual([]);
      expect(result.match(/##\w*\[/u)).toBeNull();
    });

    it('is bounded, except for JSON, which keeps everything', () => {
      if (output !== 'json') expect(result.length).toBeLessThan(1_000_000);
    });
  });

  it('is nothing but text in the job summary', () => {
    const summary = renderSummary(report);
    const own = /<details open>|<\/?(?:details|summary|pre|code|br|span)>|<https?:\/\/[^\s<>|]+>/gu;
    expect(summary.replace(own, '').match(/<[a-z!/?]/iu)).toBeNull();

    const prose = withoutCode(summary);
    expect(prose.match(/@[a-z0-9]/iu)).toBeNull();
    expect(prose.match(/(?<!&)#\d/u)).toBeNull();
    expect(prose.match(/:\/\//u)).toBeNull();
    expect(prose.match(/\bwww\./iu)).toBeNull();
    expect(prose.match(/\]\(|!\[|\]:/u)).toBeNull();
    expect(prose.match(/`/u)).toBeNull();
    expect(prose.match(/:[a-z0-9+-]+:(?!\/\/)/u)).toBeNull();
  });

  it('cannot add a column, a row, a heading or leave a section of the job summary', () => {
    const summary = renderSummary(report);
    const plain = renderSummary(hostileReport('plain'));
    expect(shape(summary)).toEqual(shape(plain));
  });

  it('is well-formed XML with as many cases as there are rules', () => {
    const document = parseXml(renderJunit(report, RULES));
    expect(document.name).toBe('testsuites');
    const rules = new Set([...RULES.map((rule) => rule.id), text, 'transport/origin-not-validated']);
    expect(document.children[0]?.children.length).toBe(rules.size + 1);
  });

  it('comes back unchanged from the JSON report', () => {
    const parsed = JSON.parse(renderJson(report));
    const messages = new Set(parsed.servers[0].findings.map(({ message }: { message: string }) => message));
    expect([parsed.servers[0].name === text, messages.has(text)]).toEqual([true, true]);
  });
});

/** Takes away code spans, code elements, preformatted blocks and our own links, in which GitHub interprets nothing. */
function withoutCode(text: string): string {
  return text
    .replace(/<pre>[^<]*<\/pre>/gu, '')
    .replace(/^```mermaid\n[^`]*\n```$/gmu, '')
    .replace(/<code>(.*?)<\/code>/gu, '$1')
    .replace(/`[^`\n]*`/gu, '')
    .replace(/<https?:[^\s<>]+>/gu, '');
}

/** The block structure, headings, cells of each row, sections, whatever order the names put them in. */
function shape(text: string): string[] {
  return text
    .replace(/<pre>[^<]*<\/pre>/gu, '<pre>')
    .split('\n')
    .filter((line) => /^(?:#{1,6} |\||<|- )/u.test(line))
    .map((line) =>
      line.startsWith('|')
        ? `row of ${line.split('|').length}`
        : (/^(?:#+|<\/?\w+>|-)/u.exec(line)?.[0] ?? line),
    )
    .sort();
}
