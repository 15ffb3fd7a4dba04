/** Splits a URL into the parts in which something can be put: parameters of the query and fragment, segments of the path, user info. */
import { decodings, lenientlyDecoded } from './decoding.js';
import type { Reading } from './reading.js';

/** Parts that are looked at; whoever sends more makes the URL incomplete. */
export const MAX_PARTS = 400;

export interface Part {
  readonly where: 'query' | 'fragment' | 'path' | 'userinfo';
  /** Of a segment of the path: the segment before it. null: a value without a name. */
  readonly name: string | null;
  /** A segment of the path, named by the one before it and by nothing of its own. */
  readonly isSegment: boolean;
  readonly raw: string;
  /** Decoded once, a plus in a parameter being a space. */
  readonly value: string;
  /** The value decoded up to three times more, itself first. */
  readonly forms: readonly string[];
}

export interface Parts {
  readonly all: readonly Part[];
  readonly more: boolean;
}

/** All parts of a valid URL, up to `MAX_PARTS`. */
export function partsOf({ url, written }: Reading): Parts {
  if (url === null) return { all: [], more: false };
  const all = [
    ...userInfoParts(written?.userInfo ?? null),
    ...pathParts(url.pathname),
    ...parameters('query', url.search.slice(1)),
    ...fragmentParts(url.hash.slice(1)),
  ];
  return { all: all.slice(0, MAX_PARTS), more: all.length > MAX_PARTS };
}

/** The parameters of one encoded list, with its names decoded. */
export function parameters(where: Part['where'], text: string): Part[] {
  return text
    .split('&', MAX_PARTS + 1)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      if (at < 0) return part(where, null, pair);
      return part(where, lenientlyDecoded(pair.slice(0, at).replaceAll('+', ' ')), pair.slice(at + 1));
    });
}

function userInfoParts(userInfo: string | null): Part[] {
  if (userInfo === null || userInfo === '') return [];
  const at = userInfo.indexOf(':');
  if (at < 0) return [part('userinfo', 'user', userInfo)];
  return [
    part('userinfo', 'user', userInfo.slice(0, at)),
    part('userinfo', 'password', userInfo.slice(at + 1)),
  ].filter(({ raw }) => raw !== '');
}

/** Segments, each named by the one before it, and the parameters that RFC 3986 section 3.3 lets stand in them. */
function pathParts(pathname: string): Part[] {
  const segments = pathname.split('/', MAX_PARTS + 2);
  return segments.flatMap((segment, at): Part[] => {
    const [own = '', ...matrix] = segment.split(';', 16);
    const before = segments[at - 1];
    const name = before === undefined || before === '' ? null : lenientlyDecoded(before);
    const inside = matrix.flatMap((text) => parameters('path', text));
    return own === '' ? inside : [{ ...part('path', name, own), isSegment: true }, ...inside];
  });
}

/** A list of parameters, a route with a query of its own, or one value. */
function fragmentParts(fragment: string): Part[] {
  if (fragment === '') return [];
  if (/^(?:[a-z]+:)?\/\//i.test(fragment)) return [part('fragment', null, fragment)];
  const at = fragment.indexOf('?');
  if (at >= 0)
    return [
      part('fragment', null, fragment.slice(0, at)),
      ...parameters('fragment', fragment.slice(at + 1)),
    ].filter(({ raw }) => raw !== '');
  if (/^[^=&/]{1,64}=/.test(fragment)) return parameters('fragment', fragment);
  return fragment
    .split('/', 64)
    .filter((piece) => piece !== '')
    .map((piece, place, all) => part('fragment', all[place - 1] ?? null, piece));
}

function part(where: Part['where'], name: string | null, raw: string): Part {
  const value = lenientlyDecoded(where === 'query' || where === 'fragment' ? raw.replaceAll('+', ' ') : raw);
  return { where, name, isSegment: false, raw, value, forms: decodings(value) };
}

/** A name as it is compared: `access-token`, `accessToken` and `ACCESS_TOKEN` are one. */
export function wordsOf(name: string): string[] {
  return name
    .slice(0, 128)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
