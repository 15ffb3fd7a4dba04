/** Where a plain reading of a URL finds another host than WHATWG does: what a reviewer, a regular expression or another program would take it for. */
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import { lenientlyDecoded } from './decoding.js';
import type { Reading } from './reading.js';

type Disagreement = UrlFacts['parsersDisagree'][number];

/** Every reason that applies; empty where all readings agree, and for schemes that have no host. */
export function disagreementsOf(reading: Reading): Disagreement[] {
  const { url, special, text, written } = reading;
  if (url === null || !special || written === null) return [];
  const { slashes, userInfo, host, after } = written;
  const seen: [Disagreement, boolean][] = [
    ['backslash', slashes.includes('\\') || after.startsWith('\\')],
    ['userinfo', userInfo !== null],
    ['whitespace', /^\s|\s$|[\t\r\n]/.test(text)],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    ['control', /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(text)],
    ['encoded-host', host.includes('%')],
    ['mapped-host', isMapped(host, reading)],
    ['numeric-host', isRespelt(host, url)],
    ['slashes', slashes !== '//' && !slashes.includes('\\')],
    ['delimiter', /^[?#][^/]*@/.test(after)],
    ['trailing-dot', url.hostname.endsWith('.')],
  ];
  const reasons = seen.filter(([, applies]) => applies).map(([reason]) => reason);
  if (reasons.length > 0) return reasons;
  return plainReadings(text).every((host) => isSameHost(host, reading)) ? [] : ['other'];
}

/** How RFC 3986 (appendix B), a split at slashes and a search for `://` read the host. */
function plainReadings(text: string): string[] {
  const authorities = [
    /^(?:[^:/?#]+:)?\/\/([^/?#]*)/.exec(text)?.[1],
    text.split('/', 3)[2]?.replace(/[?#].*$/s, ''),
    /:\/\/([^/?#\\]*)/.exec(text)?.[1],
  ];
  return authorities.map((authority) => (authority ?? '').replace(/^.*@/s, '').replace(/:\d*$/, ''));
}

function isSameHost(host: string, { url, site }: Reading): boolean {
  const plain = host.toLowerCase().normalize('NFC');
  return plain === url?.hostname || plain === site?.unicode;
}

/** Letters beyond ASCII that WHATWG replaced by others; writing a name in capitals or composed otherwise changes nothing people see. */
function isMapped(host: string, { site }: Reading): boolean {
  const plain = lenientlyDecoded(host).replace(/\.$/, '');
  if (/^[\0-\x7f]*$/.test(plain)) return false;
  return plain.toLowerCase().normalize('NFC') !== site?.unicode;
}

function isRespelt(host: string, url: URL): boolean {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(url.hostname)) return false;
  return host.replace(/\.$/, '') !== url.hostname;
}
