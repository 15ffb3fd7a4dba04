/** Finds the URLs that a URL carries: where its page may send the user next. */
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import { textInside } from './decoding.js';
import { type Part, parameters, wordsOf } from './parts.js';
import { originOf, parsed, type Reading, type Site, siteOf } from './reading.js';
import { isKnownPublic } from './services.js';

type Nested = UrlFacts['nestedUrls'][number];

/** URLs that are reported of one URL. */
const MAX_NESTED = 50;
const DEPTH = 3;

/** Nobody's page: what these open comes with the URL or from the user's own disk. */
const SCRIPTS = /^(?:javascript|data|vbscript|file|blob):$/;

/** Parameters whose URLs are names: nobody is sent there. */
const NAMES = new Set(
  'scope scopes optionalscope userscope resource resources audience aud iss issuer acrvalues claims clientid realm wtrealm entityid requesturi xmlns ns profile responsemode ui prompt authnctx'.split(
    ' ',
  ),
);
/** Parameters that send somebody somewhere: a host alone is enough for them. */
const TARGETS =
  /^(?:.*redirect.*|return(?:to|url|uri|path)?|.*(?:returnurl|returnto|returnuri|callback|callbackurl|callbackuri)|next(?:url|page)?|continue(?:url|to)?|dest|destination|goto|go|target(?:url)?|url|uri|forward|successurl|cancelurl|out|r|u|to|back|backurl|rurl|service|wreply|openidreturnto)$/;

/** What makes a query an OAuth authorization request (RFC 6749 section 4.1.1); a client is named by other words here and there. */
const CLIENTS = new Set(['clientid', 'appid', 'clientkey', 'applicationid', 'clientidentifier']);

type Role = 'oauth' | 'other';

/** Every URL in the parts, and those inside an OAuth redirect or a page of the same site among them. */
export function nestedUrlsOf(reading: Reading, parts: readonly Part[]): Nested[] {
  if (reading.site === null) return [];
  const query = parts.filter(({ where }) => where === 'query');
  const found = parts.flatMap((part) => {
    const role = isKnownPublic(reading, part) ? 'oauth' : roleOf(part, query);
    return nestedIn(part, [reading.site], role, DEPTH);
  });
  return [...found, ...inWholePath(reading)].slice(0, MAX_NESTED);
}

/** What a parameter is among the others of its query. */
function roleOf(part: Part, query: readonly Part[]): Role {
  const key = joined(part.name);
  if (part.where !== 'query' || (key !== 'redirecturi' && key !== 'oauthcallback')) return 'other';
  return query.some(({ name }) => CLIENTS.has(joined(name))) ? 'oauth' : 'other';
}

function nestedIn(
  part: Part,
  homes: readonly (Site | null)[],
  role: 'oauth' | 'other',
  depth: number,
): Nested[] {
  const { where } = part;
  if (where === 'userinfo') return [];
  const key = joined(part.name);
  const target = targetIn(part, !part.isSegment && TARGETS.test(key));
  if (target === null) return [];
  const site = siteOf(target);
  const nested: Nested = {
    name: part.name?.slice(0, 64) ?? null,
    where,
    origin: originOf(target)?.slice(0, 512) ?? null,
    sameSite: homes.some((home) => isSameSite(site, home)),
    oauthRedirect: role === 'oauth' && !SCRIPTS.test(target.protocol),
    identifier: where === 'query' && NAMES.has(key),
  };
  if (depth === 0 || !(nested.oauthRedirect || nested.sameSite)) return [nested];
  const inner = parameters(where, target.search.slice(1)).slice(0, 32);
  return [
    nested,
    ...inner.flatMap((each) => nestedIn(each, [...homes, site], roleOf(each, inner), depth - 1)),
  ];
}

/** The URL a value is, begins with or holds, as such, encoded again or in base64. */
function targetIn({ forms, value, raw }: Part, bareHosts: boolean): URL | null {
  const inside = textInside(value) ?? textInside(raw);
  const texts = inside === null ? forms : [...forms, inside];
  for (const text of texts) {
    const found = urlAtStart(text) ?? (bareHosts ? bareHost(text) : null) ?? urlWithin(text);
    if (found !== null) return found;
  }
  return null;
}

function urlAtStart(text: string): URL | null {
  const plain = text.trim();
  if (/^(?:javascript|data|vbscript|file|blob|intent):/i.test(plain)) return parsed(plain);
  // Browsers take `https:evil.example` and `\/\/evil.example` for what they resemble.
  if (
    /^https?:(?![/\\])[\w-]+\.[\w.-]+/i.test(plain) ||
    /^[a-z][a-z0-9+.-]{1,40}:[/\\]+[^/\\\s]/i.test(plain)
  )
    return parsed(plain);
  return /^[/\\]{2,}[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+(?:[:/\\?#@]|$)/u.test(plain)
    ? parsed(`https:${plain}`)
    : null;
}

function urlWithin(text: string): URL | null {
  const found = /(?<![a-z0-9+.-])https?:[/\\]{1,3}[^\s"'<>,;\\]+/i.exec(text)?.[0];
  return found === undefined ? null : parsed(found);
}

/** `evil.example/path` where a target is expected; `@` and `.` turn a host it is put behind into somebody else's. */
function bareHost(text: string): URL | null {
  const host = text.replace(/^[@.]/, '');
  if (!/^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,24}(?::\d+)?(?:[/?#]|$)/u.test(host)) return null;
  const url = parsed(`https://${host}`);
  return url !== null && /\.(?:html?|php|aspx?|jsp|do|json)$/i.test(url.hostname) ? null : url;
}

/** `/redirect/https://evil.example`, which its slashes part into segments; encoded ones are found in their segment. */
function inWholePath({ url, site }: Reading): Nested[] {
  const found = /\/(https?:\/{1,2}[^/]+.*)$/is.exec(url?.pathname ?? '')?.[1];
  const target = found === undefined ? null : parsed(found);
  if (target === null) return [];
  return [
    {
      name: null,
      where: 'path',
      origin: originOf(target)?.slice(0, 512) ?? null,
      sameSite: isSameSite(siteOf(target), site),
      oauthRedirect: false,
      identifier: false,
    },
  ];
}

function isSameSite(a: Site | null, b: Site | null): boolean {
  if (a === null || b === null) return false;
  return a.host === b.host || (a.registrable !== null && a.registrable === b.registrable);
}

function joined(name: string | null): string {
  return name === null ? '' : wordsOf(name).join('');
}
