/** Protected resource metadata: where a client would look for it, and whether it speaks of this server. RFC 9728; 2025-11-25 basic/authorization. */
import type { MetadataDocument } from '../../facts/authorization.js';
import { placeOf, webUrl } from '../../identity/oauth/loopback.js';
import type { Exchange } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import { ANONYMOUS } from '../../wire/wire.js';
import { type Experiment, Untestable } from '../lab.js';
import type { Bench } from './bench.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const LONGEST_TEXT = 2048;
const MOST_ENTRIES = 20;

interface Place {
  readonly place: MetadataDocument['place'];
  readonly url: URL;
  readonly announced: boolean;
}

/** Fetches from the candidate alone, follows nothing. `announced`: what challenges named, in order. */
export function documentsExperiment(
  bench: Bench,
  endpoint: URL,
  announced: readonly string[],
): Experiment<readonly MetadataDocument[]> {
  const name = 'metadata';
  return {
    name,
    run: async () => {
      const documents: MetadataDocument[] = [];
      for (const place of placesOf(endpoint, announced)) {
        documents.push(await readDocument(bench, bench.lab.nameOf(name), endpoint, place));
      }
      return withUsed([...documents, ...unreadable(announced)]);
    },
  };
}

/** Each URL once, also where the challenge names a well-known one. */
function placesOf(endpoint: URL, announced: readonly string[]): readonly Place[] {
  const path = endpoint.pathname === '/' ? '' : endpoint.pathname;
  const named = [...new Set(announced)].flatMap((text) => webUrl(text) ?? []).slice(0, MOST_ENTRIES);
  const isNamed = (url: URL): boolean => named.some((other) => sameDocument(other, url));
  const wellKnown = (['path', 'root'] as const)
    .filter((place) => place === 'root' || path !== '')
    .map((place): Place => {
      const url = new URL(`${WELL_KNOWN}${place === 'path' ? path : ''}`, endpoint);
      return { place, url, announced: isNamed(url) };
    });
  const others = named.filter((url) => !wellKnown.some((known) => sameDocument(known.url, url)));
  return [...others.map((url): Place => ({ place: 'other', url, announced: true })), ...wellKnown];
}

function sameDocument(left: URL, right: URL): boolean {
  return placeOf(left) === placeOf(right) && left.pathname === right.pathname && left.search === right.search;
}

/** A challenge that names no URL at all. */
function unreadable(announced: readonly string[]): readonly MetadataDocument[] {
  return [...new Set(announced)]
    .filter((text) => webUrl(text) === null)
    .slice(0, MOST_ENTRIES)
    .map((text) => ({
      ...nothing(),
      place: 'other',
      url: text.slice(0, LONGEST_TEXT),
      announced: true,
      outcome: 'invalid',
    }));
}

function nothing(): Omit<MetadataDocument, 'place' | 'url' | 'announced' | 'outcome'> {
  return {
    used: false,
    httpStatus: null,
    resource: null,
    resourceMatch: null,
    authorizationServers: [],
    scopesSupported: null,
    evidence: [],
  };
}

async function readDocument(
  { wire, pace }: Bench,
  experiment: string,
  endpoint: URL,
  { place, url, announced }: Place,
): Promise<MetadataDocument> {
  const about = { place, url: url.href.slice(0, LONGEST_TEXT), announced };
  if (placeOf(url) !== placeOf(endpoint)) return { ...nothing(), ...about, outcome: 'elsewhere' };
  const exchange = await pace.exchange(() =>
    wire.http({
      experiment,
      principal: ANONYMOUS,
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { accept: 'application/json' },
    }),
  );
  const common = { ...nothing(), ...about, httpStatus: exchange.answer.status, evidence: [exchange.id] };
  const value = documentIn(exchange);
  if (value === null) return { ...common, outcome: failureOf(exchange) };
  const { resource } = value;
  return {
    ...common,
    outcome: 'document',
    resource: typeof resource === 'string' ? resource.slice(0, LONGEST_TEXT) : null,
    resourceMatch: matchOf(resource, endpoint, place),
    authorizationServers: [...(strings(value['authorization_servers']) ?? [])],
    scopesSupported: strings(value['scopes_supported']),
  };
}

function documentIn({ answer }: Exchange): Readonly<Record<string, unknown>> | null {
  const value = answer.messages[0]?.value;
  return answer.status === 200 && answer.ending === 'answered' && isObject(value) ? value : null;
}

/** @throws Untestable when the candidate is gone. */
function failureOf({ answer }: Exchange): MetadataDocument['outcome'] {
  const { status, ending } = answer;
  if (ending === 'exited' || ending === 'unreachable' || ending === 'cancelled')
    throw new Untestable(`the candidate did not answer: ${answer.problem ?? ending}`);
  if (status === null || ending !== 'answered') return 'no-answer';
  if (status >= 300 && status < 400) return 'redirect';
  if (status < 200 || status >= 400) return 'absent';
  const type = (answer.headers['content-type'] ?? '').toLowerCase();
  const isPage = type.startsWith('text/html') || /^\s*<(?:!doctype|html)/i.test(answer.body ?? '');
  return isPage ? 'html' : 'invalid';
}

/**
 * RFC 9728 section 3.3: `resource` is identical to what the URL of the document was made from. The document at the
 * root may therefore speak of the root. Which of its names this machine is called by was the gate's choice.
 */
function matchOf(
  resource: unknown,
  endpoint: URL,
  place: MetadataDocument['place'],
): NonNullable<MetadataDocument['resourceMatch']> {
  if (typeof resource !== 'string') return 'missing';
  const url = webUrl(resource);
  if (url === null || placeOf(url) !== placeOf(endpoint)) return 'different';
  if (url.search !== '' || url.hash !== '') return 'different';
  const sameName = url.origin === endpoint.origin ? 'exact' : 'loopback-alias';
  if (url.pathname === endpoint.pathname) return sameName;
  if (url.pathname === '/' && place === 'root') return sameName;
  const [own, other] = [withoutSlash(endpoint), withoutSlash(url)];
  if (own === other) return 'trailing-slash';
  return own.startsWith(`${other}/`) ? 'parent' : 'different';
}

function withoutSlash({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}

/** A client takes the document of the challenge, else that of the path, else that of the root. */
function withUsed(documents: readonly MetadataDocument[]): readonly MetadataDocument[] {
  const usable = documents.filter(({ outcome }) => outcome === 'document');
  const used =
    documents.find(({ announced }) => announced) ??
    usable.find(({ place }) => place === 'path') ??
    usable.find(({ place }) => place === 'root');
  return documents.map((document) => ({ ...document, used: document === used }));
}

function strings(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  return value
    .filter((one) => typeof one === 'string')
    .slice(0, MOST_ENTRIES)
    .map((one) => one.slice(0, LONGEST_TEXT));
}
