/** What the reference server does at each place where a fault can change it; a fault is one of these set to another value. */

/** Legacy revisions of the faultless server, oldest first. Everything else is answered with the last one. */
export const SERVED_LEGACY = ['2025-06-18', '2025-11-25'];
export const SERVED_MODERN = ['2026-07-28'];

/** Every legacy revision that was published: what an echo must not touch, so that it stays one fault. */
export const PUBLISHED = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'];

/**
 * @typedef {object} Switches
 * @property {string[]} legacyVersions Revisions `initialize` agrees to, oldest first.
 * @property {'counter-offer' | 'echo' | 'silence' | 'http-400-when-newer' | 'number' | 'unpublished'} unknownVersion
 *   What an `initialize` gets that asks for a revision the server does not speak.
 * @property {'stable' | 'capabilities' | 'tools' | 'server-info'} stability What differs each time somebody asks.
 * @property {'alike' | 'tools' | 'capabilities'} clients What depends on the name of the client.
 * @property {'enforced' | 'ignored'} versionHeader `MCP-Protocol-Version` on a live legacy session.
 * @property {'consistent' | 'omits-served' | 'lists-unspoken' | 'missing'} discover
 * @property {string} modernRule The one rule of 2026-07-28 that is broken, or 'none'. See modernRules.mjs.
 * @property {'validated' | 'ignored' | 'null-allowed'} origin
 * @property {'validated' | 'ignored'} host
 * @property {'refused' | 'passes'} rebinding 'passes': a foreign Origin that equals the foreign Host is let in.
 * @property {'json-only' | 'any'} contentType
 * @property {'none' | 'reflect' | 'star' | 'null'} cors Which origin is allowed, with credentials.
 * @property {string} address Interface to listen on.
 * @property {'none' | 'beside' | 'on-mcp-path' | 'beside-unguarded'} deprecatedSse HTTP+SSE offered by a Streamable HTTP server.
 * @property {'none' | 'banner' | 'per-message' | 'json'} noise What else goes to stdout over stdio.
 * @property {'exits' | 'stays'} onEof
 * @property {'exits' | 'ignored'} onSigterm
 * @property {'none' | 'detached' | 'same-group'} leaves A child that outlives the server.
 * @property {'never' | 'batch' | 'unknown-version' | 'unknown-method'} crashOn The message the server does not survive.
 * @property {'refused' | 'accepted'} batches
 * @property {'per-session' | 'shared'} eventStore Whose events a `Last-Event-ID` can resume.
 * @property {'required' | 'none'} authorization 'none': ignores the issuer it was given.
 * @property {'nobody' | 'get' | 'delete' | 'deprecated-routes' | 'tools-list' | 'initialize' | 'with-session'} open What needs no token.
 * @property {'complete' | 'audience-ignored' | 'audience-optional' | 'audience-origin' | 'audience-list-ignored' | 'issuer-ignored' | 'any-issuer' | 'expiry-ignored' | 'beginning-ignored' | 'signature-ignored' | 'alg-none' | 'hs256-public-key' | 'any-string'} tokenCheck
 * @property {'enforced' | 'ignored' | 'bearer-accepted' | 'any-key' | 'replayable'} confirmation The key a token is bound to.
 * @property {'ignored' | 'honoured'} tokenInQuery
 * @property {'challenged' | 'ignored' | 'silent' | 'unnamed'} scope What a token with too little scope gets.
 * @property {'served' | 'missing' | 'html' | 'other-resource' | 'origin' | 'other-issuer'} metadata
 * @property {'user' | 'none' | 'client' | 'token' | 'post-only' | 'not-get' | 'not-delete' | 'not-notifications' | 'not-responses' | 'not-renewed' | 'initialize-only' | 'rebinds' | 'rebinds-silently'} binding
 *   What a session is bound to, or where that is not looked at.
 * @property {'refused' | 'chosen'} sessionId What an `initialize` that brings an id of its own gets.
 * @property {'refused' | 'served'} unknownId
 * @property {'final' | 'ignored'} termination
 * @property {'random' | 'counter' | 'timestamp' | 'truncated-random'} ids
 * @property {'refused' | 'replaces'} secondStream
 * @property {'from-owner' | 'from-anybody'} answers Whose answers to the server's own requests count.
 * @property {'own' | 'broadcast'} events Whose streams an event reaches.
 * @property {'by-connection' | 'by-request-id'} routing How an answer finds the way back.
 * @property {'bound' | 'unbound' | 'sequential'} handles
 * @property {'bound' | 'user-unbound' | 'request-unbound' | 'unsigned' | 'truncated-accepted' | 'emptied-accepted' | 'expiry-ignored'} requestState
 * @property {'public' | 'private-as-public'} lists
 * @property {string} elicitation What is wrong in asking the user, or 'right'. See elicitation.mjs and elicitationWrongs.mjs.
 * @property {'none' | 'served' | 'unbound' | 'unbound-result' | 'unbound-cancel' | 'list-leaks' | 'list-open' | 'sequential' | 'forever' | 'any-life' | 'revives' | 'cancel-ignored' | 'cancels-twice' | 'keeps' | 'forgets' | 'unrelated' | 'unrelated-request' | 'undeclared' | 'required-served'} tasks
 *   Whether a tool becomes a task, and what is wrong with tasks then.
 */

/** @type {Readonly<Switches>} */
export const FAULTLESS = Object.freeze({
  legacyVersions: SERVED_LEGACY,
  unknownVersion: 'counter-offer',
  stability: 'stable',
  clients: 'alike',
  versionHeader: 'enforced',
  discover: 'consistent',
  modernRule: 'none',
  origin: 'validated',
  host: 'validated',
  rebinding: 'refused',
  contentType: 'json-only',
  cors: 'none',
  address: '127.0.0.1',
  deprecatedSse: 'none',
  noise: 'none',
  onEof: 'exits',
  onSigterm: 'exits',
  leaves: 'none',
  crashOn: 'never',
  batches: 'refused',
  eventStore: 'per-session',
  authorization: 'required',
  open: 'nobody',
  tokenCheck: 'complete',
  confirmation: 'enforced',
  tokenInQuery: 'ignored',
  scope: 'challenged',
  metadata: 'served',
  binding: 'user',
  sessionId: 'refused',
  unknownId: 'refused',
  termination: 'final',
  ids: 'random',
  secondStream: 'refused',
  answers: 'from-owner',
  events: 'own',
  routing: 'by-connection',
  handles: 'bound',
  requestState: 'bound',
  lists: 'public',
  elicitation: 'right',
  tasks: 'none',
});
