/** What well-known services are known to put into their URLs, where the general rules would misjudge it. Public knowledge, one reason each. */
import type { Part } from './parts.js';
import type { Reading } from './reading.js';

interface Known {
  readonly host: RegExp;
  readonly path: RegExp;
  /** Names of parameters; null: the path itself. */
  readonly names: readonly string[] | null;
}

/** Called like credentials, but public: an order, an application, a request that a signed-in user has yet to approve. */
const PUBLIC: readonly Known[] = [
  // The id of an order; the buyer signs in to pay it.
  {
    host: /(?:^|\.)(?:sandbox\.)?paypal\.com$/,
    path: /^\/(?:checkoutnow|webapps|cgi-bin|agreements)/,
    names: ['token', 'ba_token'],
  },
  // The public key of an application, Trello's client_id.
  {
    host: /^(?:www\.)?trello\.com$/,
    path: /^\/(?:1\/)?(?:authorize|OAuthAuthorizeToken)/i,
    names: ['key', 'oauth_token', 'return_url'],
  },
  // OAuth 1.0 temporary credentials, which open nothing before the user has approved them (RFC 5849 section 2.2).
  {
    host: /./,
    path: /\/oauth\/?(?:1\.0a?\/)?(?:v1\/)?(?:authenticate|authorize|authorise)$/i,
    names: ['oauth_token'],
  },
];

/** Called like nothing in particular, but whoever holds the URL is let in: the services say so themselves. */
const CAPABILITIES: readonly Known[] = [
  // Account links: "grant access to the account holder's personal information", never to be sent by mail.
  { host: /^connect\.stripe\.com$/, path: /^\/(?:setup|express|login)\/[a-z]+\/acct_\w+\/\w+/, names: null },
  // A session of the customer portal, signed in.
  { host: /^billing\.stripe\.com$/, path: /^\/p\/session\/\w{16,}/, names: null },
  { host: /^hooks\.slack\.com$/, path: /^\/(?:services|workflows|triggers)\/\w+\/\w+\/\w+/, names: null },
  { host: /^join\.slack\.com$/, path: /\/shared_invite\/zt-\w+/, names: null },
  {
    host: /(?:^|\.)discord(?:app)?\.com$/,
    path: /^\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]{20,}/,
    names: null,
  },
  { host: /(?:^|\.)webhook\.office\.com$/, path: /\/webhookb2\/[\w-]+@/, names: null },
  { host: /(?:^|\.)zoom\.us$/, path: /^\/s\/\d+/, names: ['zak'] },
];

/** Whether the part is what `services` know to be public in spite of its name. */
export function isKnownPublic(reading: Reading, { name, where }: Part): boolean {
  const { url, site } = reading;
  if (url === null || site === null || name === null || where !== 'query') return false;
  return PUBLIC.some(
    ({ host, path, names }) =>
      host.test(site.host) && path.test(url.pathname) && names?.includes(name) === true,
  );
}

/** Whether the path is one that lets its holder in. */
export function isKnownCapability({ url, site }: Reading): boolean {
  if (url === null || site === null) return false;
  return CAPABILITIES.some(
    ({ host, path, names }) => names === null && host.test(site.host) && path.test(url.pathname),
  );
}
