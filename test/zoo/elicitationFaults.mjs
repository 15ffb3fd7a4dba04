/** Faults of what a server puts before its users: where it sends them, what it asks them, and what it makes of the answer. */
import { ORIGIN } from './elicitation.mjs';
import { ALL, HTTP, LEGACY, MODERN, NEGOTIATING, NEGOTIATING_HTTP, STDIO, STREAMABLE } from './places.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */

const urls = { triggers: ['connect_account'], manifest: { elicitationOrigins: [ORIGIN] } };
const forms = { triggers: ['choose_plan'] };
/** The first of a rule is tried on two transports, the others where it is cheapest. */
const first = { transports: NEGOTIATING, eras: ALL };
const legacy = { transports: STDIO, eras: LEGACY };
const modern = { transports: NEGOTIATING_HTTP, eras: MODERN };
const NOT_ALLOWED = 'elicitation/url-not-allowed';

/** @type {Fault[]} */
export const ELICITATION_FAULTS = [
  ...places(),
  ...lookalikes(),
  ...burdens(),
  ...shapes(),
  ...asked(),
  ...answered(),
  ...whose(),
  ...unseen(),
];

/** A fault in the URL. @param {string} rule @param {string} wrong @param {string} why @param {Partial<Fault>} [more] @returns {Fault} */
function url(rule, wrong, why, more = {}) {
  const id = `elicitation/${rule}`;
  return { ...urls, ...modern, id, set: { elicitation: wrong }, fires: [id], why, ...more };
}

/** A fault in the form. @param {string} rule @param {string} wrong @param {string} why @param {Partial<Fault>} [more] @returns {Fault} */
function form(rule, wrong, why, more = {}) {
  const id = `elicitation/${rule}`;
  return { ...forms, ...modern, id, set: { elicitation: wrong }, fires: [id], why, ...more };
}

/** @returns {Fault[]} */
function places() {
  const insecure = ['elicitation/insecure-url', NOT_ALLOWED];
  const entry = {
    origin: ORIGIN,
    reviewedBy: 'security@larkspur.example',
    reason: 'Accounts are connected there.',
  };
  return [
    url('url-not-allowed', 'unlisted', 'Sends users where nobody has looked.', first),
    url('url-not-allowed', 'unlisted', 'Lists in error -32042 where nobody has looked.', {
      variant: 'by-error',
      triggers: ['sync_ledger'],
      transports: HTTP,
      eras: LEGACY,
    }),
    url('needs-review', 'right', 'Declares where it sends users, and nobody has reviewed it.', {
      ...first,
      listed: [],
    }),
    url('needs-review', 'right', 'The review of where it sends users has run out.', {
      variant: 'expired',
      listed: [{ ...entry, expires: '2026-01-31' }],
    }),
    url('needs-review', 'right', 'Sends users where another server may.', {
      variant: 'other-server',
      listed: [{ ...entry, servers: ['ledger'], expires: '2099-12-31' }],
    }),
    url('insecure-url', 'http', 'Sends users to a page without TLS.', { ...first, fires: insecure }),
    url('insecure-url', 'scheme', 'Opens a program on the machine of the user.', {
      ...legacy,
      variant: 'scheme',
      fires: insecure,
    }),
  ];
}

/** @returns {Fault[]} */
function lookalikes() {
  const id = 'elicitation/suspicious-url';
  const like = (
    /** @type {string} */ wrong,
    /** @type {string} */ why,
    /** @type {Partial<Fault>} */ more = {},
  ) => url('suspicious-url', wrong, why, { variant: wrong, fires: [id, NOT_ALLOWED], ...more });
  const { variant: _, ...misspelt } = like(
    'misspelt',
    'Sends users to a name with one letter changed.',
    first,
  );
  return [
    misspelt,
    like('confusable', 'Sends users to a name with one letter of another alphabet.'),
    like('punycode', 'Sends users to a name that only shows encoded.', legacy),
    like('subdomain', 'Puts the reviewed name before its own.'),
    like('in-path', 'Puts the reviewed name into the path of another site.', legacy),
    like('before-at', 'Puts the reviewed name before an @.'),
    like('decimal', 'Writes the address of the host as one number.'),
    like('backslash', 'Writes a URL whose host depends on who reads it.'),
    like('invisible', 'Hides a character in the URL.', { fires: [id] }),
  ];
}

/** What a URL must not carry. @returns {Fault[]} */
function burdens() {
  return [
    url('credential-in-url', 'token', 'Puts an access token into the fragment.', first),
    url('credential-in-url', 'api-key', 'Puts a key into the query.', { ...legacy, variant: 'query' }),
    url('credential-in-url', 'password', 'Puts a password before the host.', {
      variant: 'password',
      fires: ['elicitation/credential-in-url', 'elicitation/suspicious-url'],
    }),
    url('personal-data-in-url', 'e-mail', 'Puts the address of the user into the query.', first),
    url('personal-data-in-url', 'e-mail-in-path', 'Puts the address of the user into the path.', {
      ...legacy,
      variant: 'path',
    }),
    url('redirect-in-url', 'redirect', 'Names another site to go on to.', first),
  ];
}

/** @returns {Fault[]} */
function shapes() {
  const shape = 'elicitation/nonstandard-shape';
  return [
    url('expected-origin-mismatch', 'promises-other', 'Promises another origin than it uses.', {
      ...first,
      fires: ['elicitation/expected-origin-mismatch', shape],
    }),
    url('nonstandard-shape', 'advisory', 'Calls the URL uri, and vouches for it.', first),
    url('nonstandard-shape', 'no-id', 'Leaves out the id that 2025-11-25 asks for.', {
      ...legacy,
      variant: 'no-id',
    }),
    url('mode-not-declared', 'undeclared', 'Asks clients that never said they could ask their user.', first),
    url('mode-not-declared', 'empty-as-url', 'Takes an empty capability for every mode.', {
      ...legacy,
      variant: 'empty',
    }),
    form('mode-not-declared', 'undeclared', 'Shows forms to clients that have none.', { variant: 'form' }),
  ];
}

/** What a form must not ask or hold. @returns {Fault[]} */
function asked() {
  return [
    form('secret-in-form', 'secret', 'Asks for a password in a form.', first),
    form('secret-in-form', 'secret-de', 'Asks for a password in German.', { ...legacy, variant: 'german' }),
    form('secret-in-form', 'secret-ja', 'Asks for a password in Japanese.', { variant: 'japanese' }),
    form('secret-in-form', 'secret-in-message', 'Asks for a key in the message above the form.', {
      variant: 'message',
    }),
    form('link-in-form', 'link', 'Puts a link into a description.', first),
    form('illegal-form-schema', 'nested', 'Asks for an object inside an object.', first),
    form('hidden-text', 'hidden', 'Hides text behind the message.', first),
    form('hidden-text', 'hidden', 'Hides text behind what a task asks.', {
      ...first,
      variant: 'by-task',
      triggers: ['export_ledger'],
      set: { elicitation: 'hidden', tasks: 'served' },
      fires: ['elicitation/hidden-text', 'tasks/advertised'],
    }),
    form('hidden-text', 'hidden-in-title', 'Hides a character in a title.', { ...legacy, variant: 'title' }),
  ];
}

/** @returns {Fault[]} */
function answered() {
  return [
    form('ignores-refusal', 'ignores-decline', 'Goes on after a no.', first),
    form('ignores-refusal', 'ignores-cancel', 'Goes on after the dialog was closed.', {
      ...legacy,
      variant: 'cancel',
    }),
    form('ignores-refusal', 'ignores-refusals', 'Goes on whatever the answer is.', { variant: 'both' }),
    url('ignores-refusal', 'ignores-decline', 'Waits for a page that the user did not want.', {
      variant: 'url',
    }),
    form('unvalidated-answer', 'unvalidated', 'Takes whatever comes back.', first),
    form('asks-without-end', 'endless', 'Asks until it gets no answer any more.', {
      ...first,
      transports: STDIO,
    }),
    form('asks-without-end', 'endless', 'Asks again in every round.', {
      // Over HTTP its states cannot be examined either, because it never comes to an end.
      transports: STDIO,
      variant: 'rounds',
    }),
  ];
}

/** @returns {Fault[]} */
function whose() {
  const users = { transports: STREAMABLE };
  return [
    url('not-bound-to-user', 'same-state', 'Gives all users the same state.', { ...users, eras: ALL }),
    url('not-bound-to-user', 'short-state', 'Gives a state that can be guessed.', {
      variant: 'short',
    }),
    url('not-bound-to-user', 'stateless', 'Gives all users the same page, without any state.', {
      ...users,
      variant: 'stateless',
      eras: MODERN,
    }),
  ];
}

/** @returns {Fault[]} */
function unseen() {
  return [
    url('not-exercised', 'right', 'Declares where it sends users, and is not made to.', {
      ...first,
      triggers: [],
    }),
    form('not-exercised', 'talks', 'Says that it asks, and is not made to.', {
      variant: 'text',
      triggers: [],
    }),
  ];
}
