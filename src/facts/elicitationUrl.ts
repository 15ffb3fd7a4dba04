/** Facts about one URL that a server would put before a user; nothing here comes from opening, resolving or fetching it. WHATWG URL, RFC 3986, UTS 39, UTS 46. */
import { z } from 'zod';

export const urlFacts = z.strictObject({
  text: z
    .string()
    .max(4_000)
    .describe('As sent, cut short. Hostile text; anything that looks like a credential stays in it.'),
  length: z.number().int(),
  complete: z
    .boolean()
    .describe(
      'Looked at as a whole. false: too long or with too many parts, so that what the other facts do not show may still be there.',
    ),
  valid: z.boolean().describe('The WHATWG parser takes it as an absolute URL.'),
  scheme: z
    .string()
    .max(64)
    .nullable()
    .describe('Without the colon; by syntax alone where the rest is no URL.'),
  origin: z
    .string()
    .max(512)
    .nullable()
    .describe(
      'scheme://host:port as WHATWG serialises it; null when opaque or invalid, and for blob: whatever is inside it.',
    ),
  host: z.string().max(512).nullable(),
  port: z.number().int().nullable().describe('null: the default of the scheme.'),
  registrableDomain: z
    .string()
    .max(512)
    .nullable()
    .describe('By the public-suffix list, its private part included.'),
  parsersDisagree: z
    .array(
      z.enum([
        'backslash',
        'userinfo',
        'whitespace',
        'control',
        'encoded-host',
        'mapped-host',
        'numeric-host',
        'slashes',
        'delimiter',
        'trailing-dot',
        'other',
      ]),
    )
    .describe(
      'Why a plain reading finds another host than WHATWG does. mapped-host: letters that become ASCII ones (fullwidth, ligatures, soft hyphen). numeric-host: an address that is no dotted quad. slashes: missing or too many after the scheme. delimiter: an @ behind a ? or # that follows the host at once. Upper case and a name written in its own script are no difference.',
    ),
  userInfo: z.boolean().describe('user or password before the host, or an empty one: an @.'),
  address: z
    .enum(['ipv4', 'ipv4-decimal', 'ipv4-octal', 'ipv4-hex', 'ipv4-short', 'ipv6', 'ipv6-mapped'])
    .nullable()
    .describe(
      'The host is an address, and how it was spelt; null: a name. ipv6-mapped: an IPv4 address inside IPv6 (mapped, compatible, NAT64, 6to4).',
    ),
  range: z
    .enum(['public', 'loopback', 'private', 'link-local', 'metadata', 'reserved', 'reflected'])
    .nullable()
    .describe(
      'Where the host is by its spelling alone: addresses, localhost, .local, .internal, single labels. metadata: a cloud metadata service. reflected: a name below a public service that resolves to the address the name spells (nip.io) or always to loopback (lvh.me). public: everything else.',
    ),
  punycode: z.boolean(),
  mixedScripts: z
    .boolean()
    .describe(
      'A label has letters of several scripts, other than the mixtures Japanese, Korean and Chinese are written in.',
    ),
  confusable: z
    .boolean()
    .describe(
      'A label is made of letters that look like ASCII ones and are not, alone or among ASCII ones, so that all of it reads as ASCII, or has a sign that looks like a slash or a dot. A word that merely contains such letters (президент), or is written in the script of its top-level domain, is none.',
    ),
  unicodeHost: z.string().max(512).nullable().describe('The host as people would see it.'),
  near: z
    .array(
      z.strictObject({
        origin: z.string().max(512).describe('A reviewed or declared origin.'),
        relation: z
          .enum([
            'same',
            'same-host-other-scheme-or-port',
            'subdomain',
            'parent',
            'same-site',
            'other-suffix',
            'embedded',
            'confusable',
            'misspelt',
          ])
          .describe(
            'same-site: the same registrable domain. other-suffix: the same registrable name below another public suffix. embedded: its name stands as labels, in a label, in the path or before an @ of another host. confusable: the same skeleton. misspelt: few edits away.',
          ),
        distance: z
          .number()
          .int()
          .describe('Edits between the host names as people see them, transpositions counted once.'),
      }),
    )
    .describe(
      'Reviewed or declared origins that this one is, or could be taken for, the closest relation first. Every origin is compared by itself: a URL that is `same` as one may be `embedded` of another.',
    ),
  hidden: z.boolean().describe('Invisible or direction-changing characters, as sent or percent-encoded.'),
  credentials: z
    .array(
      z.strictObject({
        where: z.enum(['query', 'fragment', 'path', 'userinfo']),
        name: z.string().max(64).nullable(),
        kind: z
          .enum(['jwt', 'token-like', 'secret-key-name', 'password', 'known-format'])
          .describe(
            'token-like: random, under a name of credentials. secret-key-name: any value, under a name that only credentials have. known-format: as a provider issues its secrets.',
          ),
      }),
    )
    .describe(
      'Parts that look like a credential which opens something for whoever holds the URL. OAuth `state`, `code_challenge`, `nonce`, `client_id` and their like are none.',
    ),
  personalData: z.array(
    z.strictObject({
      where: z.enum(['query', 'fragment', 'path', 'userinfo']),
      name: z.string().max(64).nullable(),
      kind: z.enum(['email', 'phone', 'national-id', 'card', 'iban', 'name-key']),
    }),
  ),
  nestedUrls: z
    .array(
      z.strictObject({
        name: z.string().max(64).nullable(),
        where: z.enum(['query', 'fragment', 'path']),
        origin: z.string().max(512).nullable(),
        sameSite: z
          .boolean()
          .describe('Same registrable domain as the URL itself, or as the OAuth redirect it stands in.'),
        oauthRedirect: z
          .boolean()
          .describe('It is the redirect_uri of an OAuth authorization request (RFC 6749 section 4.1.1).'),
        identifier: z
          .boolean()
          .describe(
            'It stands where standards use URLs as names nobody is sent to: scope, resource (RFC 8707), audience, iss, acr_values, claims, client_id of a metadata document.',
          ),
      }),
    )
    .describe(
      'URLs inside parameters, the path or the fragment, also encoded twice or as base64url. origin null: no host (javascript:, data:).',
    ),
  stateParameters: z
    .array(
      z.strictObject({
        name: z.string().max(64),
        where: z.enum(['query', 'fragment', 'path']),
        length: z.number().int(),
        bits: z.number(),
        hash: z.string(),
      }),
    )
    .describe(
      'Parts that look random, or are called as state is (state, nonce, elicitationId): name, length, estimated bits, and 16 hexadecimal digits of SHA-256 of the value.',
    ),
});
export type UrlFacts = z.infer<typeof urlFacts>;
