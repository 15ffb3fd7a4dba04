/** One hostile text taken apart once: what WHATWG makes of it, and the pieces every question about it starts from. */
import { domainToUnicode } from 'node:url';
import { parse } from 'tldts';

/** Characters that are looked at. No browser or server is known to need more, and whatever is behind them makes a URL incomplete. */
export const MAX_TEXT = 32_768;

/** WHATWG calls these special: their slashes, backslashes and hosts are read in ways of their own. */
const SPECIAL = new Set(['http', 'https', 'ws', 'wss', 'ftp']);

export interface Reading {
  /** As sent, cut to `MAX_TEXT`. */
  readonly text: string;
  readonly cut: boolean;
  readonly scheme: string | null;
  /** null: WHATWG takes it for no absolute URL. */
  readonly url: URL | null;
  readonly special: boolean;
  /** The text around the host as WHATWG delimits it, before it decodes anything; null where there is no host to delimit. */
  readonly written: Written | null;
  readonly site: Site | null;
}

export interface Written {
  readonly slashes: string;
  /** User info, host and port. */
  readonly authority: string;
  /** Everything behind the authority. */
  readonly after: string;
  /** The user info, and null where there is no @. */
  readonly userInfo: string | null;
  /** The host alone. */
  readonly host: string;
}

/** A host and where it belongs. */
export interface Site {
  readonly scheme: string;
  readonly origin: string | null;
  /** As WHATWG serialises it, without the dot at its end. */
  readonly host: string;
  /** As people see it. */
  readonly unicode: string;
  /** By the public-suffix list, as people see it; null for addresses, public suffixes and single labels. */
  readonly registrable: string | null;
  readonly registrableAscii: string | null;
  /** The registrable domain without its public suffix, as people see it. */
  readonly name: string | null;
  readonly suffix: string | null;
  /** The suffix belongs to a service that gives out the names below it, such as github.io. */
  readonly isTenant: boolean;
}

/** Reads `text` without ever throwing. */
export function read(text: string): Reading {
  const kept = text.slice(0, MAX_TEXT);
  const url = parsed(kept);
  const scheme = url === null ? schemeOf(kept) : url.protocol.slice(0, -1);
  const special = scheme !== null && SPECIAL.has(scheme);
  return {
    text: kept,
    cut: text.length > MAX_TEXT,
    scheme,
    url,
    special,
    written: writtenIn(kept, special),
    site: url === null ? null : siteOf(url),
  };
}

/** The URL, or null. */
export function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** The host of a URL and where it belongs; null where there is no host. */
export function siteOf(url: URL): Site | null {
  if (url.hostname === '') return null;
  const host = url.hostname.replace(/\.$/, '');
  const { domain: registrable, publicSuffix: suffix, isPrivate } = parse(host, { allowPrivateDomains: true });
  const seen = registrable === null ? null : unicodeOf(registrable);
  const seenSuffix = suffix === null ? null : unicodeOf(suffix);
  return {
    scheme: url.protocol.slice(0, -1),
    origin: originOf(url),
    host,
    unicode: unicodeOf(host),
    registrable: seen,
    registrableAscii: registrable,
    name: seen === null || seenSuffix === null ? null : seen.slice(0, -seenSuffix.length - 1),
    suffix: seenSuffix,
    isTenant: isPrivate === true,
  };
}

/** The origin, but none for `blob:`: such a URL shows what a page has made, whoever may own the origin inside it. */
export function originOf(url: URL): string | null {
  return url.origin === 'null' || url.protocol === 'blob:' ? null : url.origin;
}

/** The name in its own letters; the name itself where it has none. */
export function unicodeOf(host: string): string {
  return domainToUnicode(host) || host;
}

function schemeOf(text: string): string | null {
  return /^[\0-\x20]*([a-z][a-z0-9+.-]{0,63}):/i.exec(text)?.[1]?.toLowerCase() ?? null;
}

function writtenIn(text: string, special: boolean): Written | null {
  const plain = text.replace(/^[\0-\x20]+|[\t\r\n]/g, '');
  const rest = plain.slice(plain.indexOf(':') + 1);
  const found = special ? /^([/\\]*)([^/\\?#]*)/.exec(rest) : /^(\/\/)([^/?#]*)/.exec(rest);
  if (found === null) return null;
  const [whole, slashes = '', authority = ''] = found;
  const at = authority.lastIndexOf('@');
  return {
    slashes,
    authority,
    after: rest.slice(whole.length),
    userInfo: at < 0 ? null : authority.slice(0, at),
    host: authority
      .slice(at + 1)
      .replace(/:\d*$/, '')
      .trimEnd(),
  };
}
