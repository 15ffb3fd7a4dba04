import { describe, expect, it } from '@jest/globals';
import { PALETTE, STYLE } from '../../../src/report/html/style.js';

const MODES = [
  ['light', 0],
  ['dark', 1],
] as const;
const GROUNDS = ['ground', 'panel', 'well'] as const;
const TEXTS = ['text', 'muted', 'link', 'deny', 'warn', 'notice', 'waived', 'allow', 'undecided'] as const;

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((one) =>
    one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(MODES)('the %s colours of the HTML report', (_mode, index) => {
  it('are read with a contrast of at least 4.5 wherever text stands, also on filled badges', () => {
    const pairs = TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const));
    const weak = pairs.filter(
      ([text, ground]) => contrast(PALETTE[text][index], PALETTE[ground][index]) < 4.5,
    );
    expect(weak).toEqual([]);
  });

  it('show the edges of controls and the focus with a contrast of at least 3', () => {
    const weak = (['control', 'link'] as const).flatMap((edge) =>
      GROUNDS.filter((ground) => contrast(PALETTE[edge][index], PALETTE[ground][index]) < 3),
    );
    expect(weak).toEqual([]);
  });
});

it('knows the contrast of black on white, and of equal colours', () => {
  expect([contrast('#000000', '#ffffff'), contrast('#777777', '#777777')]).toEqual([21, 1]);
});

it('takes every colour from the palette', () => {
  const [, ...rules] = STYLE.trim().split('\n');
  const declared = new Set(Object.keys(PALETTE));
  expect(rules.join('\n')).not.toMatch(/#[0-9a-f]{3,8}\b(?![^{}]*\{)|rgb|hsl/u);
  const used = [...STYLE.matchAll(/var\(--(\w+)\)/gu)].map(([, name = '']) => name);
  expect(used.filter((name) => name !== 'tone' && !declared.has(name))).toEqual([]);
});
