/** Reads `WWW-Authenticate` as its grammar has it: several challenges in one line, quoted strings, commas inside them. RFC 9110 section 11.6.1. */
import type { Challenge } from '../../facts/authorization.js';

/** One challenge: a scheme with a token68 or with parameters, names in lower case. */
export interface ParsedChallenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface ParsedHeader {
  readonly challenges: readonly ParsedChallenge[];
  /** Something was skipped that the grammar does not have. */
  readonly malformed: boolean;
}

const LONGEST_HEADER = 8192;
const LONGEST_VALUE = 2048;
const MOST_SCHEMES = 10;
const MOST_SCOPES = 100;

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const PARAMETER =
  /([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~0-9A-Za-z:/?-]+))[ \t]*/y;
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*[ \t]*(?=,|$)/y;
const SEPARATOR = /[ \t]*(?:,[ \t]*)+/y;
const SPACE = /[ \t]+/y;
const REST = /[^,]*/y;

/**
 * All challenges of one header, or of several joined with commas. Of a parameter that is repeated the first value counts.
 * Never throws: what it cannot read it skips up to the next comma, and says so.
 */
export function parseChallenges(header: string): ParsedHeader {
  const text = header.slice(0, LONGEST_HEADER).trim();
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let malformed = header.length > LONGEST_HEADER;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  while (at < text.length) {
    if (take(SEPARATOR) !== null) continue;
    const current = challenges.at(-1);
    const parameter = take(PARAMETER);
    if (parameter !== null) {
      const name = (parameter[1] ?? '').toLowerCase();
      const value = parameter[2]?.replace(/\\(.)/g, '$1') ?? parameter[3] ?? '';
      if (current === undefined || current.parameters.has(name)) malformed = true;
      else current.parameters.set(name, value);
      // Some servers put spaces where commas belong; what follows is still worth reading.
      if (at < text.length && text[at] !== ',') malformed = true;
      continue;
    }
    const scheme = take(TOKEN);
    if (scheme !== null) {
      challenges.push({ scheme: scheme[0].toLowerCase(), parameters: new Map() });
      if (at >= text.length || text[at] === ',') continue;
      if (take(SPACE) === null) malformed = true;
      else if (!startsParameter(text, at) && take(TOKEN68) === null) malformed = true;
      else continue;
    } else {
      malformed = true;
    }
    if (take(REST)?.[0] === '') at += 1;
  }
  return { challenges, malformed };
}

function startsParameter(text: string, at: number): boolean {
  PARAMETER.lastIndex = at;
  return PARAMETER.test(text);
}

/** What the header tells a client; null when there was none. Values are cut, because the candidate chose them. */
export function readChallenge(headers: Readonly<Record<string, string>>): Challenge | null {
  const header = headers['www-authenticate'];
  if (header === undefined) return null;
  const { challenges, malformed } = parseChallenges(header);
  const bearers = challenges.filter(({ scheme }) => scheme === 'bearer');
  const parameter = (name: string): string | null => {
    const bearer = bearers.find(({ parameters }) => parameters.has(name));
    return bearer?.parameters.get(name)?.slice(0, LONGEST_VALUE) ?? null;
  };
  const scope = parameter('scope');
  return {
    schemes: [...new Set(challenges.map(({ scheme }) => scheme.slice(0, 100)))].slice(0, MOST_SCHEMES),
    bearer: bearers.length > 0,
    resourceMetadata: parameter('resource_metadata'),
    scopes:
      scope === null
        ? null
        : scope
            .split(/\s+/)
            .filter((one) => one !== '')
            .slice(0, MOST_SCOPES),
    error: parameter('error'),
    malformed,
  };
}
