import { describe, expect, it } from '@jest/globals';
import {
  fillTemplate,
  joinTemplate,
  splitTemplate,
  type TemplatePart,
} from '../../src/manifest/templates.js';

describe('a template', () => {
  const cases: readonly [string, string][] = [
    ['', ''],
    ['--port=${port}', '--port=8080'],
    ['${host}:${port}/${identity.issuer}', 'localhost:8080/http://a/$&'],
    ['$${port}', '${port}'],
    ['$$${port}', '$${port}'],
    ['$port $$ {port} $', '$port $$ {port} $'],
    ['${port', '${port'],
    ['${$}${port}', '$8080'],
  ];
  it.each(cases)('%j is filled as %j', (template, expected) => {
    const values = { port: '8080', host: 'localhost', 'identity.issuer': 'http://a/$&' } as const;
    expect(fillTemplate(template, values)).toBe(expected);
  });

  it('does not fill what a value brought along', () => {
    expect(fillTemplate('${host}', { host: '${port}', port: '1' })).toBe('${port}');
  });

  it('names a variable that has no value, also one that every object has', () => {
    expect(() => fillTemplate('${port}', {})).toThrow(new RangeError('no value for ${port}'));
    expect(() => fillTemplate('${constructor}', {})).toThrow(new RangeError('no value for ${constructor}'));
  });

  const variable: TemplatePart = { kind: 'variable', name: 'port' };
  const texts = ['$', '$$', '${', '${port}', 'a$', '{', '{port}', '$${', '}', ''];
  it('survives any text between, before and after its variables', () => {
    for (const before of texts) {
      for (const after of texts) {
        const parts: TemplatePart[] = [
          { kind: 'text', text: before },
          variable,
          { kind: 'text', text: after },
        ];
        const twoTexts: TemplatePart[] = [
          { kind: 'text', text: before },
          { kind: 'text', text: after },
          variable,
        ];
        expect(fillTemplate(joinTemplate(parts), { port: '1' })).toBe(`${before}1${after}`);
        expect(fillTemplate(joinTemplate(twoTexts), { port: '1' })).toBe(`${before}${after}1`);
      }
    }
  });

  it('is split at its variables', () => {
    expect(splitTemplate('a${b}$${c}${')).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'variable', name: 'b' },
      { kind: 'text', text: '${' },
      { kind: 'text', text: 'c}' },
      { kind: 'unfinished' },
    ]);
  });
});
