/** Faults of an OAuth resource server: one or more for each rule of the area `authorization`. */
import { ALL, HTTP, LEGACY, MODERN_ONLY, STREAMABLE } from './places.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */

/** Where nothing else is said. */
const everywhere = { transports: HTTP, eras: ALL, authorization: /** @type {const} */ ('oauth') };

/** @type {Fault[]} */
export const AUTHORIZATION_FAULTS = [
  {
    ...everywhere,
    id: 'authorization/none-required',
    set: { authorization: 'none' },
    fires: ['authorization/none-required'],
    why: 'Is given an issuer, and asks nobody for a token.',
  },
  {
    ...everywhere,
    id: 'authorization/none-required',
    variant: 'declared',
    authorization: 'none',
    set: {},
    fires: ['authorization/none-required'],
    why: 'Has no authorization, as its manifest says.',
  },
  ...unprotectedRoutes(),
  ...metadataFaults(),
  ...audienceFaults(),
  ...invalidTokens(),
  {
    ...everywhere,
    id: 'authorization/token-in-query',
    set: { tokenInQuery: 'honoured' },
    fires: ['authorization/token-in-query'],
    why: 'Takes the token from the query string, which ends up in logs.',
  },
  ...scopeFaults(),
];

/** @returns {Fault[]} */
function unprotectedRoutes() {
  const id = 'authorization/unprotected-route';
  const entry = { ...everywhere, id, transports: STREAMABLE, eras: LEGACY };
  const inSession = [id, 'session/unauthenticated'];
  return [
    { ...entry, set: { open: 'get' }, fires: inSession, why: 'Asks for a token on POST, and not on GET.' },
    {
      ...entry,
      variant: 'delete',
      set: { open: 'delete' },
      fires: inSession,
      why: 'Lets anybody who knows its id end a session.',
    },
    {
      ...entry,
      variant: 'deprecated-transport',
      eras: ALL,
      set: { open: 'deprecated-routes', deprecatedSse: 'beside' },
      fires: [id, 'transport/deprecated-http-sse'],
      why: 'Protects /mcp, and forgot the deprecated routes beside it.',
    },
    {
      ...entry,
      variant: 'tools-list',
      eras: MODERN_ONLY,
      set: { open: 'tools-list' },
      fires: [id],
      why: 'Lists its tools for everybody.',
    },
    {
      ...entry,
      variant: 'initialize',
      set: { open: 'initialize' },
      fires: inSession,
      why: 'Opens sessions for everybody, and asks for a token later.',
    },
  ];
}

/** @returns {Fault[]} */
function metadataFaults() {
  const missing = 'authorization/no-resource-metadata';
  const mismatch = 'authorization/metadata-mismatch';
  return [
    {
      ...everywhere,
      id: missing,
      set: { metadata: 'missing' },
      fires: [missing],
      why: 'Says 401, and nowhere who issues its tokens.',
    },
    {
      ...everywhere,
      id: missing,
      variant: 'html',
      set: { metadata: 'html' },
      fires: [missing],
      why: 'Answers the well-known path with a page for people.',
    },
    {
      ...everywhere,
      id: mismatch,
      set: { metadata: 'other-resource' },
      fires: [mismatch],
      why: 'Publishes the metadata of another resource.',
    },
    {
      ...everywhere,
      id: mismatch,
      variant: 'origin',
      // All of the origin is one resource here, so that a token for another path of it is no wrong one.
      set: { metadata: 'origin', tokenCheck: 'audience-origin' },
      fires: [mismatch],
      why: 'Publishes its origin as the resource, and takes every token for something in it.',
    },
    {
      ...everywhere,
      id: mismatch,
      variant: 'authorization-server',
      set: { metadata: 'other-issuer' },
      fires: [mismatch],
      why: 'Names an authorization server that has no metadata.',
    },
  ];
}

/** @returns {Fault[]} */
function audienceFaults() {
  const entry = {
    ...everywhere,
    id: 'authorization/wrong-audience-accepted',
    fires: ['authorization/wrong-audience-accepted'],
  };
  return [
    {
      ...entry,
      set: { tokenCheck: 'audience-ignored' },
      why: 'Takes tokens that were issued for another server.',
    },
    {
      ...entry,
      variant: 'missing-audience',
      set: { tokenCheck: 'audience-optional' },
      why: 'Checks the audience of the tokens that have one.',
    },
    {
      ...entry,
      variant: 'sibling-audience',
      set: { tokenCheck: 'audience-origin' },
      why: 'Compares the origin of the audience, and not its path.',
    },
    {
      ...entry,
      variant: 'audience-list',
      set: { tokenCheck: 'audience-list-ignored' },
      why: 'Checks the audience where it is text, and not where it is a list.',
    },
  ];
}

/** @returns {Fault[]} */
function invalidTokens() {
  /** @type {[string, import('./switches.mjs').Switches['tokenCheck'], string][]} */
  const variants = [
    ['wrong-issuer', 'issuer-ignored', 'Trusts whoever signs with the right key.'],
    ['foreign-issuer', 'any-issuer', 'Looks for the keys where the token says.'],
    ['expired', 'expiry-ignored', 'Takes tokens that have ended.'],
    ['not-yet-valid', 'beginning-ignored', 'Takes tokens before their beginning.'],
    ['bad-signature', 'signature-ignored', 'Reads the token, and does not verify it.'],
    ['alg-none', 'alg-none', 'Takes a token that says it needs no signature.'],
    [
      'hs256-public-key',
      'hs256-public-key',
      'Takes its public key for a shared secret when a token says so.',
    ],
    ['invented', 'any-string', 'Makes a guest of everybody whose token it cannot read.'],
  ];
  return variants.map(([variant, tokenCheck, why]) => ({
    ...everywhere,
    id: 'authorization/invalid-token-accepted',
    variant,
    set: { tokenCheck },
    fires: ['authorization/invalid-token-accepted'],
    why,
  }));
}

/** @returns {Fault[]} */
function scopeFaults() {
  const entry = {
    ...everywhere,
    id: 'authorization/no-scope-challenge',
    fires: ['authorization/no-scope-challenge'],
  };
  return [
    { ...entry, set: { scope: 'silent' }, why: 'Says 403, and not what is missing.' },
    {
      ...entry,
      variant: 'unnamed',
      set: { scope: 'unnamed' },
      why: 'Says that a scope is missing, and not which.',
    },
    { ...entry, variant: 'served', set: { scope: 'ignored' }, why: 'Looks at no scope at all.' },
    {
      ...everywhere,
      id: 'authorization/scopes-untested',
      fires: ['authorization/scopes-untested'],
      set: { scope: 'ignored' },
      why: 'Looks at no scope either, and the manifest names no tool to find out by.',
    },
  ];
}
