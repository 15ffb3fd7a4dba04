/** Which scripts the labels of a host are written in, and whether they pass for ASCII. UTS 39 sections 4 and 5, and what browsers show as punycode. */
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import type { Site } from './reading.js';
import { hasFalseSeparator, isDrawnAsAscii } from './skeleton.js';

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Georgian',
  'Hebrew',
  'Arabic',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Bopomofo',
  'Thai',
  'Devanagari',
  'Cherokee',
  'Lisu',
].map((script) => [script, new RegExp(`\\p{Script=${script}}`, 'u')]);

/** UTS 39, "highly restrictive": how Japanese, Chinese and Korean are written beside Latin letters. */
const EVERYDAY_MIXTURES = [
  new Set(['Latin', 'Han', 'Hiragana', 'Katakana']),
  new Set(['Latin', 'Han', 'Bopomofo']),
  new Set(['Latin', 'Han', 'Hangul']),
];

/** Country domains below which a script is at home: a word in it is a word there, whatever it looks like. */
const HOMES: readonly (readonly [string, RegExp])[] = [
  ['Cyrillic', /^(?:bg|by|kg|kz|mk|mn|rs|ru|su|tj|ua|uz)$/],
  ['Greek', /^(?:gr|cy)$/],
  ['Armenian', /^am$/],
  ['Georgian', /^ge$/],
];

/** What the labels of `site` are written in; all false without a host. */
export function scriptsOf(site: Site | null): Pick<UrlFacts, 'punycode' | 'mixedScripts' | 'confusable'> {
  if (site === null) return { punycode: false, mixedScripts: false, confusable: false };
  const labels = site.unicode.split('.').filter((label) => !/^[\0-\x7f]*$/.test(label));
  const top = site.unicode.slice(site.unicode.lastIndexOf('.') + 1);
  return {
    punycode: /(?:^|\.)xn--/.test(site.host),
    mixedScripts: labels.some((label) => isMixed(scriptsIn(label))),
    confusable: labels.some((label) => passesForAscii(label, top)),
  };
}

function passesForAscii(label: string, top: string): boolean {
  if (hasFalseSeparator(label)) return true;
  const letters = [...label];
  if (!letters.every((letter) => letter <= '\x7f' || isDrawnAsAscii(letter))) return false;
  const [script, ...others] = scriptsIn(label);
  return script === undefined || others.length > 0 || !isAtHome(script, top);
}

function isAtHome(script: string, top: string): boolean {
  if (script === 'Latin') return false;
  const [topScript] = scriptsIn(top);
  if (topScript === script) return true;
  return HOMES.some(([at, names]) => at === script && names.test(top));
}

function isMixed(scripts: readonly string[]): boolean {
  if (scripts.length < 2) return false;
  return !EVERYDAY_MIXTURES.some((mixture) => scripts.every((script) => mixture.has(script)));
}

/** Letters of scripts that are not on the list count as one more: they do not belong beside any other. */
function scriptsIn(label: string): string[] {
  const found = SCRIPTS.filter(([, pattern]) => pattern.test(label)).map(([script]) => script);
  const known = SCRIPTS.map(([, pattern]) => pattern);
  const rest = [...label.slice(0, 256)].some(
    (letter) =>
      /\p{L}/u.test(letter) &&
      !/[\p{Script=Common}\p{Script=Inherited}]/u.test(letter) &&
      !known.some((pattern) => pattern.test(letter)),
  );
  return rest ? [...found, 'another'] : found;
}
