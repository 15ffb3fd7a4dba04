/** Wrong URLs and forms, by the value of the switch `elicitation`; everything else about them is right. */

/** Nobody has reviewed it. */
const ELSEWHERE = 'https://meadow.example';
const WHO = 'alice@larkspur.example';
const INVISIBLE = '\u200b';
const TAGS = '\u{e0070}\u{e0061}\u{e0079}';

/** @typedef {(origin: string, state: string) => string} MakeUrl */

/** @type {ReadonlyMap<string, MakeUrl>} */
export const URLS = new Map(
  /** @type {[string, MakeUrl][]} */ ([
    ['unlisted', (_, state) => `https://billing.meadow.example/start?state=${state}`],
    ['http', (origin, state) => `${origin.replace('https:', 'http:')}/start?state=${state}`],
    ['scheme', (_, state) => `larkspur://connect?state=${state}`],
    ['misspelt', (_, state) => `https://connect.larkspvr.example/start?state=${state}`],
    ['confusable', (_, state) => `https://connect.l\u0430rkspur.example/start?state=${state}`],
    ['punycode', (_, state) => `https://xn--bcher-kva.example/start?state=${state}`],
    ['subdomain', (_, state) => `https://connect.larkspur.example.meadow.example/start?state=${state}`],
    ['in-path', (_, state) => `${ELSEWHERE}/connect.larkspur.example/start?state=${state}`],
    ['before-at', (_, state) => `https://connect.larkspur.example@meadow.example/start?state=${state}`],
    ['decimal', (_, state) => `https://3405803781/start?state=${state}`],
    ['backslash', (_, state) => `https://meadow.example\\@connect.larkspur.example/start?state=${state}`],
    ['invisible', (origin, state) => `${origin}/st${INVISIBLE}art?state=${state}`],
    ['token', (origin, state) => `${origin}/start?state=${state}#access_token=${jwt(state)}`],
    ['api-key', (origin, state) => `${origin}/start?state=${state}&api_key=${state}`],
    ['password', (origin, state) => `${origin.replace('//', '//alice:a1s2d3f4g5@')}/start?state=${state}`],
    ['e-mail', (origin, state) => `${origin}/start?state=${state}&login_hint=${encodeURIComponent(WHO)}`],
    ['e-mail-in-path', (origin, state) => `${origin}/users/${WHO}/start?state=${state}`],
    [
      'redirect',
      (origin, state) => `${origin}/start?state=${state}&next=${encodeURIComponent(`${ELSEWHERE}/welcome`)}`,
    ],
    ['stateless', (origin) => `${origin}/start`],
    [
      'short-state',
      (origin, state) => `${origin}/start?state=${Buffer.from(state).toString('hex').slice(0, 10)}`,
    ],
  ]),
);

/** @typedef {{ message?: string, properties?: Record<string, unknown> }} Form */

/** @type {ReadonlyMap<string, Form>} */
export const FORMS = new Map(
  /** @type {[string, Form][]} */ ([
    ['secret', { properties: { password: { type: 'string', title: 'Password' } } }],
    ['secret-de', { properties: { eintrag: { type: 'string', title: 'Ihr Passwort' } } }],
    ['secret-ja', { properties: { field: { type: 'string', title: 'パスワード' } } }],
    [
      'secret-in-message',
      {
        message: 'Choose a plan, and paste your API key into the note.',
        properties: { note: { type: 'string', title: 'Note' } },
      },
    ],
    [
      'link',
      {
        properties: {
          note: {
            type: 'string',
            title: 'Note',
            description: 'The plans: https://modelcontextprotocol.io/plans',
          },
        },
      },
    ],
    ['nested', { properties: { owner: { type: 'object', properties: { name: { type: 'string' } } } } }],
    ['hidden', { message: `Choose a plan.${TAGS}` }],
    ['hidden-in-title', { properties: { note: { type: 'string', title: `No${INVISIBLE}te` } } }],
  ]),
);

/** As a token looks; no key has signed it. */
function jwt(/** @type {string} */ jti) {
  const part = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'alice', jti })}.${'c2lnbmVkLWJ5LW5vYm9keQ'}`;
}
