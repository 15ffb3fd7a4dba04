/** Relates a URL to the origins people have reviewed: which one it is, and which one it only looks like. */
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import { decodings } from './decoding.js';
import { areMirrored, areNeighbours, edits } from './edits.js';
import { GENERIC, namesIn } from './lures.js';
import { parsed, type Reading, type Site, siteOf } from './reading.js';
import { looseSkeleton, skeleton } from './skeleton.js';

type Near = UrlFacts['near'][number];
type Relation = Near['relation'];

/** Relations that are kept of one URL, the closest first. */
const MAX_NEAR = 20;
/** Below this length the digits and capitals of chance make one name out of another (`ing`, `lng`), so only letters drawn alike count. */
const LOOSE_FROM = 5;

const CLOSENESS: readonly Relation[] = [
  'same',
  'same-host-other-scheme-or-port',
  'subdomain',
  'parent',
  'same-site',
  'confusable',
  'embedded',
  'misspelt',
  'other-suffix',
];

/** Every reviewed origin the URL is related to. Entries that are no URL are passed over; leading wildcard labels stand for their parent. */
export function nearOf(reading: Reading, reviewed: readonly string[]): Near[] {
  const { site } = reading;
  if (site === null) return [];
  const elsewhere = placesBesideHost(reading);
  const found = [...new Set(reviewed)].flatMap((origin): Near[] => {
    const known = reviewedSite(origin);
    if (known === null) return [];
    const relation = relationOf(site, known, elsewhere);
    if (relation === null) return [];
    return [{ origin: origin.slice(0, 512), relation, distance: edits(site.unicode, known.unicode) }];
  });
  const rank = ({ relation }: Near): number => CLOSENESS.indexOf(relation);
  return found.sort((a, b) => rank(a) - rank(b) || a.distance - b.distance).slice(0, MAX_NEAR);
}

interface Reviewed extends Site {
  readonly wildcard: boolean;
}

function reviewedSite(origin: string): Reviewed | null {
  const wildcard = /^[a-z+.-]+:\/\/(?:[^/]*\.)?\*\./i.test(origin);
  const url = parsed(wildcard ? origin.replace(/:\/\/(?:[^/]*\.)?\*\./, '://') : origin);
  const site = url === null ? null : siteOf(url);
  return site === null ? null : { ...site, wildcard };
}

function relationOf(site: Site, known: Reviewed, elsewhere: readonly string[]): Relation | null {
  return kinship(site, known) ?? resemblance(site, known, elsewhere);
}

/** The same host, or one that belongs to whoever owns the reviewed one. */
function kinship(site: Site, known: Reviewed): Relation | null {
  if (site.host === known.host) {
    if (known.wildcard) return 'parent';
    return site.origin !== null && site.origin === known.origin ? 'same' : 'same-host-other-scheme-or-port';
  }
  if (site.registrable === null || site.registrable !== known.registrable) return null;
  // Tenants of one service can imitate each other: acrne.okta.example beside acme.okta.example.
  if (skeleton(site.unicode) === skeleton(known.unicode)) return 'confusable';
  if (site.host.endsWith(`.${known.host}`)) return 'subdomain';
  return known.host.endsWith(`.${site.host}`) ? 'parent' : 'same-site';
}

function resemblance(site: Site, known: Site, elsewhere: readonly string[]): Relation | null {
  if (looksLike(site, known)) return 'confusable';
  if (isMisspelt(site, known)) return 'misspelt';
  if (namesIn(site, known) || elsewhere.some((text) => standsAtStart(text, known))) return 'embedded';
  return isBelowOtherSuffix(site, known) ? 'other-suffix' : null;
}

/** The same name, or the whole host, below another public suffix. Short names are everybody's unless what stands before them is the same too. */
function isBelowOtherSuffix(site: Site, known: Site): boolean {
  if (site.name === null || site.name !== known.name || known.isTenant || GENERIC.has(site.name))
    return false;
  if (site.name.length >= 4) return true;
  const before = ({ unicode, suffix }: Site): string => unicode.slice(0, -(suffix?.length ?? 0));
  return before(site) === before(known) && !/^(?:www\.)?[^.]+\.$/.test(before(site));
}

function looksLike(site: Site, known: Site): boolean {
  if (skeleton(site.unicode) === skeleton(known.unicode)) return true;
  if (site.name === null || known.name === null || site.name === known.name) return false;
  if (known.isTenant && site.suffix !== known.suffix) return false;
  if (known.name.length < 3) return false;
  if (skeleton(site.name) === skeleton(known.name)) return true;
  return known.name.length >= LOOSE_FROM && looseSkeleton(site.name) === looseSkeleton(known.name);
}

/**
 * Whether one name is the other with a slip of the finger. Short names have too many neighbours that are names of
 * others (box, fox; slack, stack; notion, motion), so the shorter a name, the fewer slips count: none below five
 * letters; swapped, doubled or dropped-double letters at five; at six and seven also one letter too many or too few, or
 * the key beside the right one, but not at the beginning, which nobody gets wrong; any one from seven to eight; any two
 * from nine. A suffix counts as mistyped only beside the very name (.com, .cm), and only one of three letters and more,
 * since most codes of two letters differ by one from another country's.
 */
function isMisspelt(site: Site, known: Site): boolean {
  if (site.name === null || known.name === null || site.suffix === null || known.suffix === null)
    return false;
  if (known.isTenant && site.suffix !== known.suffix) return false;
  if (site.name === known.name)
    return known.name.length >= 4 && known.suffix.length >= 3 && edits(site.suffix, known.suffix) === 1;
  if (Math.abs(site.name.length - known.name.length) > 2) return false;
  const distance = edits(site.name, known.name);
  const { length } = known.name;
  if (distance === 0 || length < 5 || distance > (length < 9 ? 1 : 2)) return false;
  if (site.suffix !== known.suffix && (length < 6 || distance > 1)) return false;
  if (length >= 7 && (site.name[0] === known.name[0] || length >= 9)) return true;
  return isPlainSlip(site.name, known.name);
}

function isPlainSlip(name: string, known: string): boolean {
  const start = [...known].findIndex((letter, at) => letter !== name[at]);
  const at = start < 0 ? known.length : start;
  if (name.length === known.length) {
    if (name[at] === known[at + 1] && name[at + 1] === known[at]) return true;
    const [wrong, right] = [name[at] ?? '', known[at] ?? ''];
    return at > 0 && known.length >= 6 && (areNeighbours(wrong, right) || areMirrored(wrong, right));
  }
  const [longer, shorter] = name.length > known.length ? [name, known] : [known, name];
  const extra = longer[at] ?? '';
  if (extra === shorter[at - 1] || extra === '-') return true;
  return known.length >= 6 && at > 0;
}

/** Decoded user info, path segments, fragment and nameless query: where a name can be put to be read as the host. */
function placesBesideHost({ url, written }: Reading): string[] {
  if (url === null) return [];
  const query = url.search.slice(1);
  const path = url.pathname.split('/', 64).map((segment) => segment.slice(0, 512));
  const texts = [
    written?.userInfo ?? '',
    ...path,
    url.hash.slice(1, 512),
    query.includes('=') ? '' : query.slice(0, 512),
  ];
  return texts
    .filter((text) => text !== '')
    .flatMap((text) => decodings(text.slice(0, 1024)))
    .map((text) => text.toLowerCase().replace(/^[\s/\\@!.:]*(?:[a-z]{2,8}:[/\\]*)?/, ''));
}

/** The reviewed host, or its registrable domain after labels of its own, at the beginning and followed by no other label. */
function standsAtStart(text: string, known: Site): boolean {
  const host = /^[^/\\:?#@\s%,;&=]*/.exec(text)?.[0] ?? '';
  if (host === known.unicode || host === known.host) return true;
  const name = known.registrable;
  return name !== null && (host === name || host.endsWith(`.${name}`));
}
