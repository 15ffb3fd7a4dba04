/** Faults of sessions and their streams, which serve more than the user they were opened by. */
import { ALL, HTTP, LEGACY, LEGACY_ONLY, MODERN_ONLY, STREAMABLE } from './places.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */

/** Sessions are of the legacy era. */
const sessions = { transports: HTTP, eras: LEGACY, authorization: /** @type {const} */ ('oauth') };
/** Only Streamable HTTP has a header for them, methods of their own, and streams that can be resumed. */
const streamable = { ...sessions, transports: STREAMABLE };

/** @type {Fault[]} */
export const SESSION_FAULTS = [
  {
    ...streamable,
    id: 'session/unauthenticated',
    set: { open: 'with-session' },
    fires: ['session/unauthenticated', 'authorization/unprotected-route'],
    why: 'Keeps the token with the session, and serves a request that has none.',
  },
  ...otherPrincipals(),
  {
    ...sessions,
    id: 'session/refreshed-other-principal-accepted',
    set: { binding: 'not-renewed' },
    fires: ['session/refreshed-other-principal-accepted'],
    why: 'Takes every later token of a user for a refresh, and lets it into whatever session it names.',
  },
  {
    ...sessions,
    id: 'session/other-client-accepted',
    set: {},
    policyConfig: { sessionBinding: 'credential' },
    fires: ['session/other-client-accepted'],
    why: 'Binds to the user, where policy asks for the credential.',
  },
  {
    ...sessions,
    id: 'session/refresh-refused',
    set: { binding: 'token' },
    fires: ['session/refresh-refused'],
    why: 'Binds a session to the bytes of one token, so that a refresh loses it.',
  },
  {
    ...sessions,
    id: 'session/rebinds-to-other-principal',
    set: { binding: 'rebinds' },
    fires: ['session/rebinds-to-other-principal', 'session/other-principal-accepted'],
    why: 'Gives the session to the last one who came along.',
  },
  {
    ...sessions,
    id: 'session/rebinds-to-other-principal',
    variant: 'silently',
    set: { binding: 'rebinds-silently' },
    fires: ['session/rebinds-to-other-principal'],
    why: 'Refuses the other user, and takes the owner for that one from then on.',
  },
  {
    id: 'session/cross-client-leak',
    transports: HTTP,
    eras: ALL,
    authorization: 'oauth',
    set: { routing: 'by-request-id' },
    fires: ['session/cross-client-leak'],
    why: 'Shares one table of requests among all clients, by JSON-RPC id.',
  },
  ...streams(),
  ...ids(),
  ...confirmations(),
];

/** @returns {Fault[]} */
function otherPrincipals() {
  const id = 'session/other-principal-accepted';
  const entry = { ...sessions, id, fires: [id] };
  return [
    { ...entry, set: { binding: 'none' }, why: 'Looks sessions up by their id, and asks no further.' },
    {
      ...entry,
      ...streamable,
      variant: 'post-only',
      set: { binding: 'post-only' },
      why: 'Asks whose session it is on POST, and not on GET and DELETE.',
    },
    {
      ...entry,
      ...streamable,
      variant: 'delete',
      set: { binding: 'not-delete' },
      why: 'Lets every user end every session.',
    },
    {
      ...entry,
      variant: 'client',
      set: { binding: 'client' },
      why: 'Binds to the client, which all of its users share.',
    },
    {
      ...entry,
      variant: 'notifications',
      set: { binding: 'not-notifications' },
      why: 'Asks whose session it is for requests, and not for notifications.',
    },
    {
      ...entry,
      ...streamable,
      variant: 'initialize-only',
      set: { binding: 'initialize-only' },
      fires: [
        id,
        'session/unauthenticated',
        'session/confirmation-not-enforced',
        'authorization/unprotected-route',
      ],
      why: 'Looks at the token when a session is opened, and never again.',
    },
  ];
}

/** @returns {Fault[]} */
function streams() {
  return [
    {
      ...streamable,
      id: 'session/stream-hijack',
      set: { binding: 'not-get', secondStream: 'replaces' },
      fires: ['session/stream-hijack', 'session/other-principal-accepted'],
      why: 'Lets every user open the stream of a session, and closes it for the owner.',
    },
    {
      ...streamable,
      id: 'session/stream-hijack',
      variant: 'shared-event-store',
      set: { eventStore: 'shared' },
      fires: ['session/stream-hijack'],
      why: 'Keeps the events of all sessions in one store, so one user can resume the stream of another.',
    },
    {
      ...sessions,
      id: 'session/response-spoofing',
      set: { binding: 'not-responses' },
      fires: ['session/response-spoofing'],
      why: 'Asks whose session it is for requests, and takes answers from everybody.',
    },
    {
      ...sessions,
      id: 'session/response-spoofing',
      variant: 'shared-table',
      set: { answers: 'from-anybody' },
      fires: ['session/response-spoofing'],
      why: 'Shares one table of its own requests among all sessions, with ids that count.',
    },
    {
      ...sessions,
      id: 'session/event-injection',
      eras: LEGACY_ONLY,
      set: { events: 'broadcast' },
      fires: ['session/event-injection'],
      why: 'Sends what one user causes to the streams of all.',
    },
    {
      ...streamable,
      id: 'session/event-injection',
      variant: 'subscriptions',
      eras: MODERN_ONLY,
      set: { events: 'broadcast' },
      fires: ['session/event-injection'],
      why: 'Tells every listener what one user did.',
    },
  ];
}

/** @returns {Fault[]} */
function ids() {
  const weak = 'session/weak-id';
  return [
    {
      ...streamable,
      id: 'session/fixation',
      set: { sessionId: 'chosen' },
      fires: ['session/fixation'],
      why: 'Takes the session id that the client brings.',
    },
    {
      ...streamable,
      id: 'session/unknown-id-accepted',
      set: { unknownId: 'served' },
      fires: ['session/unknown-id-accepted'],
      why: 'Serves session ids it never gave out.',
    },
    {
      ...streamable,
      id: 'session/survives-termination',
      set: { termination: 'ignored' },
      fires: ['session/survives-termination'],
      why: 'Says that the session has ended, and goes on serving it.',
    },
    {
      ...streamable,
      id: weak,
      set: { ids: 'counter' },
      fires: [weak],
      why: 'Counts its sessions.',
    },
    {
      ...streamable,
      id: weak,
      variant: 'timestamp',
      set: { ids: 'timestamp' },
      fires: [weak],
      why: 'Makes session ids of the time.',
    },
    {
      ...streamable,
      id: weak,
      variant: 'truncated-random',
      set: { ids: 'truncated-random' },
      fires: [weak],
      why: 'Keeps 32 bits of its randomness.',
    },
  ];
}

/** @returns {Fault[]} */
function confirmations() {
  /** @type {[import('./switches.mjs').Switches['confirmation'], string][]} */
  const variants = [
    ['ignored', 'Takes a token that is bound to a key from whoever has it.'],
    ['bearer-accepted', 'Asks for the proof under the scheme DPoP, and not under Bearer.'],
    ['any-key', 'Takes a proof of any key.'],
    ['replayable', 'Takes a proof twice.'],
  ];
  return variants.map(([confirmation, why]) => ({
    id: 'session/confirmation-not-enforced',
    ...(confirmation !== 'ignored' && { variant: confirmation }),
    transports: HTTP,
    eras: ALL,
    authorization: 'oauth',
    set: { confirmation },
    fires: ['session/confirmation-not-enforced'],
    why,
  }));
}
