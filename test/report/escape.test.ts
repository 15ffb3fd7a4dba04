import { describe, expect, it } from '@jest/globals';
import { marked } from 'marked';
import {
  annotation,
  cap,
  guardCommands,
  json,
  markdown,
  markdownBlock,
  markdownCode,
  markdownLink,
  markdownMessage,
  sarif,
  terminal,
  visible,
  visibleLines,
  webAddress,
  workflowData,
  workflowProperty,
  xml,
} from '../../src/report/escape.js';
import { HOSTILE } from './hostile.js';

describe('cap', () => {
  it('leaves text within the limit alone', () => {
    expect(cap('abc', 3)).toBe('abc');
  });

  it('says how much it took away', () => {
    expect(cap('abcdef', 3)).toBe('abc… (+3 characters)');
  });

  it('never cuts a character in two', () => {
    expect(cap('ab😀cd', 3)).toBe('ab… (+4 characters)');
  });
});

describe('visible', () => {
  it('leaves ordinary text of any language and emoji alone', () => {
    const text = 'Zażółć – 日本語 עברית العربية ไทย हिन्दी ✓ ⚠️ 😀';
    expect(visible(text)).toBe(text);
  });

  it.each([
    ['escape sequences', '\u001b[31mx\u009b0m', '\\u{1b}[31mx\\u{9b}0m'],
    ['bidi controls', 'a\u202eb\u2066c\u061c', 'a\\u{202e}b\\u{2066}c\\u{61c}'],
    ['zero width', 'a\u200bb\ufeffc\u00ad', 'a\\u{200b}b\\u{feff}c\\u{ad}'],
    ['tag characters', `a${String.fromCodePoint(0xe0041)}`, 'a\\u{e0041}'],
    ['lone surrogates', 'a\ud800\udc00\ud800', 'a\u{10000}\\u{d800}'],
    ['line breaks', 'a\r\nb\nc\u2028d\te', 'a\\nb\\nc\\nd e'],
    ['variation selectors that style nothing', 'a\ufe0f', 'a\\u{fe0f}'],
    ['marks that stack', `a${'\u0301'.repeat(5)}`, `a${'\u0301'.repeat(4)}\\u{301}`],
    ['blanks that are letters', '\u3164\u2800', '\\u{3164}\\u{2800}'],
  ])('shows %s', (_name, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('takes time in proportion to the text, not to its square', () => {
    expect(json('\ufe0f'.repeat(200_000)).length).toBe(200_000 * '\\ufe0f'.length);
    expect(guardCommands(' \n'.repeat(200_000)).length).toBe(400_000);
  });
});

describe('visibleLines', () => {
  it('drops empty lines and counts those beyond the limit', () => {
    expect(visibleLines('a\n\n b \r\nc\nd', 2)).toEqual(['a', ' b', '… (+2 lines)']);
  });
});

describe('terminal', () => {
  it('breaks CI commands that count anywhere in a line', () => {
    expect(terminal('x ##[error]y ##vso[z] [ok] ## [ok]')).toBe(
      'x ##\\u{5b}error]y ##vso\\u{5b}z] [ok] ## [ok]',
    );
  });
});

describe('guardCommands', () => {
  it('breaks workflow commands at the beginning of a line and nothing else', () => {
    expect(guardCommands('::error::a\n \u00a0::b\nc::d\n:e')).toBe(
      '\\u{3a}:error::a\n \u00a0\\u{3a}:b\nc::d\n:e',
    );
  });
});

describe('workflow command encoding', () => {
  it('encodes what the runner decodes', () => {
    expect(workflowData('50%\r\n::x')).toBe('50%25%0D%0A::x');
    expect(workflowProperty('a:b,c%\n')).toBe('a%3Ab%2Cc%25%0A');
  });
});

describe('markdown', () => {
  it.each([
    [
      'emphasis',
      '**a** *b* _c_ ~~d~~',
      '&#42;&#42;a&#42;&#42; &#42;b&#42; &#95;c&#95; &#126;&#126;d&#126;&#126;',
    ],
    ['underscores inside names stay', 'export_ledger', 'export_ledger'],
    ['code', '`a`', '&#96;a&#96;'],
    ['HTML', '<b>&lt;', '&lt;b&gt;&amp;lt;'],
    ['entities', '&#64;x', '&amp;#&#8203;64;x'],
    ['links', '[a](b) ![c](d)', '&#91;a&#93;(b) !&#91;c&#93;(d)'],
    ['pipes and backslashes', 'a|b\\|c', 'a&#124;b&#92;&#124;c'],
    ['mentions', '@octocat', '@&#8203;octocat'],
    ['references', '#1 GH-2 o/r#3', '#&#8203;1 GH-&#8203;2 o/r#&#8203;3'],
    ['autolinks', 'https://a www.b c@d.e', 'https:&#8203;//a www&#8203;.b c@&#8203;d.e'],
    ['emoji', ':boom: a: b', ':&#8203;boom: a: b'],
    ['math', '$x$', '<span>$</span>x<span>$</span>'],
    ['headings and lists', '# a\n- b\n1. c', '#&#8203; a<br>&#45; b<br>1&#46; c'],
    ['versions stay', '1.2.3', '1.2.3'],
  ])('%s', (_name, text, expected) => {
    expect(markdown(text)).toBe(expected);
  });

  it('shows as code what a message puts between backticks, so that it can be copied', () => {
    expect(markdownMessage('Add `- { origin: "https://a.example" }`. See https://b.example')).toBe(
      'Add `- { origin: "https://a.example" }`. See https:&#8203;//b.example',
    );
    expect(markdownMessage(' `a|b`@c\n- `')).toBe('<code>a&#124;b</code>@&#8203;c<br>&#45; &#96;');
  });

  it.each([
    'https://evil.example/a?b=c#d',
    'HTTPS://EVIL.EXAMPLE',
    'http://user:pass@evil.example',
    'ftp://evil.example',
    'www.evil.example',
    'WWW.evil.example/a',
    'mailto:a@evil.example',
    'a@evil.example',
    '<https://evil.example>',
    '[a](https://evil.example)',
    '![a](https://evil.example/a.png)',
    '[a]: https://evil.example',
    '`https://evil.example',
    '``https://evil.example`` `www.evil.example``` https://evil.example `',
    '`a``b` https://evil.example `c`` www.evil.example',
    '`a\\` https://evil.example `b`',
    '<a href="https://evil.example">a</a>',
    'https://evil.example|www.evil.example',
    '\nhttps://evil.example\n\nwww.evil.example',
  ])('leaves nothing to click in %j', async (text) => {
    for (const shown of [markdown(text), markdownMessage(text), markdownCode(text)]) {
      const page = await marked.parse(`x ${shown} y\n\n| a | b |\n| - | - |\n| ${shown} | c |\n\n${shown}`);
      expect(
        page.match(/<(?!\/?(?:p|br|code|span|table|thead|tbody|tr|th|td)\b)[a-z/!][^>]*>/giu),
      ).toBeNull();
    }
  });

  it('uses a code span where that is enough, an element where it is not', () => {
    expect(markdownCode('a_b @x')).toBe('`a_b @x`');
    expect(markdownCode('a`b|<')).toBe('<code>a&#96;b&#124;&lt;</code>');
    expect(markdownCode(' \n')).toBe('`\\n`');
    expect(markdownCode('')).toBe('<code></code>');
  });

  it('cannot be let out of a block', () => {
    expect(markdownBlock('</pre>\n\n```\n<b>')).toBe('<pre>\n&#60;/pre&#62;\n```\n&#60;b&#62;\n</pre>');
  });

  it('links to the web only', () => {
    expect(markdownLink('https://a.example/x|y z')).toBe('<https://a.example/x%7Cy%20z>');
    expect(markdownLink('javascript:alert(1)')).toBe('`javascript:alert(1)`');
    expect(webAddress('https://good.example@evil.example/')).toBeNull();
    expect(webAddress('https://a.example/\u202e')).toBeNull();
  });
});

describe('xml', () => {
  it('encodes markup and shows what XML 1.0 cannot hold', () => {
    expect(xml('<a b="c">&\'\u0000\ufffe')).toBe('&#60;a b=&#34;c&#34;&#62;&#38;&#39;\\u{0}\\u{fffe}');
  });
});

describe('json', () => {
  it.each(HOSTILE)('means the same afterwards: %s', (_name, text) => {
    expect(JSON.parse(json(JSON.stringify({ [text]: [text] }, null, 2)))).toEqual({ [text]: [text] });
  });
});

describe('sarif', () => {
  it('has neither links nor placeholders', () => {
    expect(sarif('[a](1) {0} {x} \u2028')).toBe('\\[a\\](1) {{0}} {x}');
  });
});

describe.each(HOSTILE)('hostile text: %s', (_name, text) => {
  const short = cap(text, 5_000);
  it.each([
    ['terminal', guardCommands(terminal(short))],
    ['annotation', annotation(short)],
    ['markdown', guardCommands(markdown(short))],
    ['markdownCode', guardCommands(markdownCode(short))],
    ['xml', xml(short)],
    ['sarif', sarif(short)],
  ])('is still there but does nothing in %s', (_output, result) => {
    expect(result).not.toBe('');
    expect(result.replaceAll('\n', '').match(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)).toBeNull();
    expect(result.split('\n').filter((line) => line.trimStart().startsWith('::'))).toEqual([]);
  });
});
