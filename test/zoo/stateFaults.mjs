/** Faults of what stands in for a session where there is none: handles, states and lists that serve more than the user they were made for. */
import { ALL, HTTP, MODERN, STREAMABLE } from './places.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */

/** @type {Fault[]} */
export const STATE_FAULTS = all();

/** @returns {Fault[]} */
function all() {
  const handle = {
    id: 'session/handle-not-bound',
    transports: HTTP,
    eras: ALL,
    authorization: /** @type {const} */ ('oauth'),
  };
  const states = { transports: STREAMABLE, eras: MODERN, authorization: /** @type {const} */ ('oauth') };
  const unbound = 'session/request-state-not-bound';
  const tampering = 'session/request-state-tampering';
  return [
    {
      ...handle,
      set: { handles: 'unbound' },
      fires: ['session/handle-not-bound'],
      why: 'Serves a cart to whoever knows its id.',
    },
    {
      ...handle,
      variant: 'sequential',
      set: { handles: 'sequential' },
      fires: ['session/handle-not-bound', 'session/weak-id'],
      why: 'Counts its carts, and serves them to whoever counts too.',
    },
    {
      ...states,
      id: unbound,
      set: { requestState: 'user-unbound' },
      fires: [unbound],
      why: 'Signs its state without the user, so that another one can go on with it.',
    },
    {
      ...states,
      id: unbound,
      variant: 'request',
      set: { requestState: 'request-unbound' },
      fires: [unbound],
      why: 'Signs its state without the request, so that it confirms another one.',
    },
    {
      ...states,
      id: tampering,
      set: { requestState: 'unsigned' },
      fires: [tampering],
      why: 'Does not sign its state.',
    },
    {
      ...states,
      id: tampering,
      variant: 'truncated',
      set: { requestState: 'truncated-accepted' },
      fires: [tampering],
      why: 'Compares as much of the signature as there is.',
    },
    {
      ...states,
      id: tampering,
      variant: 'emptied',
      set: { requestState: 'emptied-accepted' },
      fires: [tampering],
      why: 'Checks the state if there is one.',
    },
    {
      ...states,
      id: 'session/request-state-expiry',
      set: { requestState: 'expiry-ignored' },
      fires: ['session/request-state-expiry'],
      why: 'Writes an expiry into its state, and does not look at it.',
    },
    {
      ...states,
      id: 'session/private-data-cached-public',
      set: { lists: 'private-as-public' },
      fires: ['session/private-data-cached-public'],
      why: 'Lists tools of its user, and says that everybody may be given the same list.',
    },
  ];
}
