/** Says by its spelling alone where a host is: which address it is, how that was written, and in which range it lies. */
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import { lenientlyDecoded } from './decoding.js';
import type { Reading } from './reading.js';

type Spelling = UrlFacts['address'];
type Range = NonNullable<UrlFacts['range']>;

const METADATA_ADDRESSES = new Set([
  '169.254.169.254', // AWS, Azure, Google Cloud and most others
  '169.254.170.2', // AWS ECS
  '169.254.170.23', // AWS EKS
  '100.100.100.200', // Alibaba Cloud
  '192.0.0.192', // Oracle Cloud, older
  '168.63.129.16', // Azure wire server
  '[fd00:ec2::254]',
  '[fd00:ec2::23]',
  '[fd20:ce::254]',
]);
const METADATA_NAMES = new Set([
  'metadata',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
]);
/** Top-level names that the public DNS promises never to have (RFC 2606, 6761, 6762, 8375; ICANN's .internal) or that networks use as if it did. */
const PRIVATE_NAMES = /(?:^|\.)(?:local|internal|home\.arpa|lan|home|corp|intranet|private|localdomain)$/;
const RESERVED_NAMES = /(?:^|\.)(?:test|example|invalid|onion|alt|arpa)$/;
const REFLECTING =
  /(?:^|\.)(?:nip\.io|sslip\.io|xip\.io|traefik\.me|localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|lvh\.com|yoogle\.com|fbi\.com|readme\.localtest\.me)$/;

/** How the address was spelt; null where the host is a name. */
export function spellingOf({ url, written }: Reading): Spelling {
  if (url === null) return null;
  const { hostname } = url;
  if (hostname.startsWith('[')) return embeddedIpv4(groupsOf(hostname)) === null ? 'ipv6' : 'ipv6-mapped';
  if (octetsOf(hostname) === null) return null;
  const host = lenientlyDecoded(written?.host ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('。', '.')
    .replace(/\.$/, '');
  const parts = host.split('.');
  if (parts.some((part) => part.startsWith('0x'))) return 'ipv4-hex';
  if (parts.some((part) => /^0\d/.test(part))) return 'ipv4-octal';
  if (parts.length === 1) return 'ipv4-decimal';
  return parts.length < 4 ? 'ipv4-short' : 'ipv4';
}

/** The range of the host; null where there is none. */
export function rangeOf({ site }: Reading): Range | null {
  if (site === null) return null;
  const { host } = site;
  if (METADATA_ADDRESSES.has(host) || METADATA_NAMES.has(host)) return 'metadata';
  if (host.startsWith('[')) return ipv6Range(groupsOf(host));
  const octets = octetsOf(host);
  if (octets !== null) return ipv4Range(octets);
  return nameRange(host);
}

function nameRange(host: string): Range {
  if (/(?:^|\.)localhost$/.test(host)) return 'loopback';
  if (RESERVED_NAMES.test(host)) return 'reserved';
  if (!host.includes('.') || PRIVATE_NAMES.test(host)) return 'private';
  return REFLECTING.test(host) ? 'reflected' : 'public';
}

type Octets = readonly [number, number, number, number];

function octetsOf(host: string): Octets | null {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (found === null) return null;
  return [Number(found[1]), Number(found[2]), Number(found[3]), Number(found[4])];
}

function ipv4Range(octets: Octets): Range {
  const [a, b, c] = octets;
  if (METADATA_ADDRESSES.has(octets.join('.'))) return 'metadata';
  if (a === 127) return 'loopback';
  if (a === 169 && b === 254) return 'link-local';
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'private';
  if (a === 100 && b >= 64 && b < 128) return 'private';
  if (a === 0 || a >= 224 || (a === 198 && (b === 18 || b === 19))) return 'reserved';
  const documentation = ['192.0.0', '192.0.2', '192.88.99', '198.51.100', '203.0.113'];
  return documentation.includes(`${a}.${b}.${c}`) ? 'reserved' : 'public';
}

function ipv6Range(groups: readonly number[]): Range {
  const inner = embeddedIpv4(groups);
  if (inner !== null) return ipv4Range(inner);
  const [first = 0, second = 0] = groups;
  if (groups.every((group, at) => group === (at === 7 ? 1 : 0))) return 'loopback';
  if (groups.every((group) => group === 0)) return 'reserved';
  if ((first & 0xffc0) === 0xfe80) return 'link-local';
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfec0) return 'private';
  if ((first & 0xff00) === 0xff00) return 'reserved';
  if (first === 0x2001 && (second === 0xdb8 || second < 0x200)) return 'reserved';
  return (first & 0xe000) === 0x2000 ? 'public' : 'reserved';
}

/** Mapped ::ffff:0:0/96, compatible ::/96, NAT64 64:ff9b::/96, 6to4 2002::/16. */
function embeddedIpv4(groups: readonly number[]): Octets | null {
  const head = groups.slice(0, 6).join();
  const last = pair(groups[6] ?? 0, groups[7] ?? 0);
  if (head === '0,0,0,0,0,65535' || head === '100,65435,0,0,0,0' || head === '0,0,0,0,65535,0') return last;
  if (head === '0,0,0,0,0,0' && (groups[6] ?? 0) !== 0) return last;
  return groups[0] === 0x2002 ? pair(groups[1] ?? 0, groups[2] ?? 0) : null;
}

function pair(high: number, low: number): Octets {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff];
}

/** WHATWG serialises IPv6 in groups of hexadecimal digits with at most one `::`. */
function groupsOf(host: string): number[] {
  const [head = '', tail] = host.slice(1, -1).split('::');
  const read = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = read(head);
  if (tail === undefined) return before;
  const after = read(tail);
  return [
    ...before,
    ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => 0),
    ...after,
  ];
}
