import { describe, expect, it } from '@jest/globals';
import { html, htmlLines } from '../../../src/report/escape.js';
import { renderHtml } from '../../../src/report/html/html.js';
import { message } from '../../../src/report/html/markup.js';
import { HOSTILE, hostileReport } from '../hostile.js';
import { named, type Page, readPage, textOf } from './page.js';

const ACTING =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

const plain = shape(readPage(renderHtml(hostileReport('plain'))));

describe.each(HOSTILE)('%s in the HTML report', (_name, text) => {
  const source = renderHtml(hostileReport(text));
  const page = readPage(source);

  it('makes no element and no attribute: the page is built as it is of plain text', () => {
    expect(shape(page)).toEqual(plain);
  });

  it('gets into no attribute but names for screen readers', () => {
    const values = page.elements.flatMap(({ attributes }) =>
      [...attributes].filter(([name]) => name !== 'aria-label').map(([, value]) => value),
    );
    expect(values.filter((value) => /javascript:|evil\.example|alert|[<>"`]/iu.test(value))).toEqual([]);
  });

  it('hides nothing, gives the runner no command, and is bounded', () => {
    const characters = (source.match(ACTING) ?? []).filter((one) => one !== '\n' && one !== '\ufe0f');
    expect([...new Set(characters)]).toEqual([]);
    expect(source.split('\n').filter((line) => line.trimStart().startsWith('::'))).toEqual([]);
    expect(source.match(/##\w*\[/u)).toBeNull();
    expect(source.length).toBeLessThan(1_000_000);
  });

  it('is still readable', () => {
    const [start = ''] = text.match(/[a-z]{3,}/iu) ?? [];
    expect(named(page, 'article').map(textOf).join('\n')).toContain(start.slice(0, 50));
  });
});

/** Elements with the names of their attributes; what sets off single words in a message is not structure. */
function shape(page: Page): string[] {
  return page.elements
    .filter(({ name }) => !['code', 'br', 'bdi'].includes(name))
    .map(({ name, attributes }) => [name, ...attributes.keys()].join(' '))
    .sort();
}

describe('escaping for HTML', () => {
  it('leaves no sign with a meaning, in one line or several', () => {
    expect(html(`<a href="x" b='y'>&amp;\`\n\u202e</a>`)).toBe(
      '&#60;a href=&#34;x&#34; b=&#39;y&#39;&#62;&#38;amp;&#96;\\n\\u{202e}&#60;/a&#62;',
    );
    expect(htmlLines('<b>\n\n\u0000&')).toEqual(['&#60;b&#62;', '\\u{0}&#38;']);
  });

  it('keeps blanks around text, which may stand between elements', () => {
    expect(html(' · ')).toBe(' · ');
  });

  it('shows as code what stands between backticks, and only there', () => {
    expect(String(message('a `<b>` c\n`d` ` `e'))).toBe(
      'a <code>&#60;b&#62;</code> c<br /><code>d</code> <code> </code>e',
    );
    expect(String(message('one ` only'))).toBe('one &#96; only');
  });
});
