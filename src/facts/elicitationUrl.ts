/** Facts about one URL that a server would put before a user; nothing here comes from opening, resolving or fetching it. WHATWG URL, RFC 3986, UTS 39, UTS 46. */
import { z } from 'zod';

export const urlFacts = z.strictObject({
  text: z
    .string()
    .max(4_000)
    .describe('As sent, cut short. Hostile text; anything that looks like a credential stays in it.'),
  length: z.number().int(),
  valid: z.boolean().describe('The WHATWG parser takes it as an absolute URL.'),
  scheme: z.string().max(64).nullable().describe('Without the colon.'),
  origin: z
    .string()
    .max(512)
    .nullable()
    .describe('scheme://host:port as WHATWG serialises it; null when opaque or invalid.'),
  host: z.string().max(512).nullable(),
  port: z.number().int().nullable().describe('null: the default of the scheme.'),
  registrableDomain: z
    .string()
    .max(512)
    .nullable()
    .describe('By the public-suffix list, its private part included.'),
  parsersDisagree: z
    .array(z.string().max(64))
    .describe(
      'Ways in which a plain reading gives another host than WHATWG does: "backslash", "userinfo", "whitespace", "control", "case", "encoded-host", …',
    ),
  userInfo: z.boolean().describe('user or password before the host.'),
  address: z
    .enum(['ipv4', 'ipv4-decimal', 'ipv4-octal', 'ipv4-hex', 'ipv4-short', 'ipv6', 'ipv6-mapped'])
    .nullable()
    .describe('The host is an address, and how it was spelt; null: a name.'),
  range: z
    .enum(['public', 'loopback', 'private', 'link-local', 'metadata', 'reserved'])
    .nullable()
    .describe(
      'Where the host is by its spelling alone: addresses, localhost, .local, .internal, single labels; metadata: a cloud metadata service.',
    ),
  punycode: z.boolean(),
  mixedScripts: z.boolean().describe('A label has letters of several scripts.'),
  confusable: z.boolean().describe('A label has letters that look like ASCII ones and are not.'),
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
            'embedded',
            'confusable',
            'misspelt',
          ])
          .describe(
            'embedded: its name stands as labels, in a label, in the path or before an @ of another host. confusable: the same skeleton. misspelt: few edits away.',
          ),
        distance: z.number().int().describe('Edits between the host names.'),
      }),
    )
    .describe('Reviewed or declared origins that this one is, or could be taken for.'),
  hidden: z.boolean().describe('Invisible or direction-changing characters, as sent or percent-encoded.'),
  credentials: z
    .array(
      z.strictObject({
        where: z.enum(['query', 'fragment', 'path', 'userinfo']),
        name: z.string().max(64).nullable(),
        kind: z.enum(['jwt', 'token-like', 'secret-key-name', 'password', 'known-format']),
      }),
    )
    .describe(
      'Parts that look like a credential which opens something for whoever holds the URL. OAuth `state`, `code_challenge`, `nonce`, `client_id` and their like are none.',
    ),
  personalData: z.array(
    z.strictObject({
      where: z.enum(['query', 'fragment', 'path', 'userinfo']),
      name: z.string().max(64).nullable(),
      kind: z.enum(['email', 'phone', 'national-id', 'card', 'name-key']),
    }),
  ),
  nestedUrls: z
    .array(
      z.strictObject({
        name: z.string().max(64).nullable(),
        where: z.enum(['query', 'fragment', 'path']),
        origin: z.string().max(512).nullable(),
        sameSite: z.boolean().describe('Same registrable domain as the URL itself.'),
        oauthRedirect: z
          .boolean()
          .describe('It is the redirect_uri of an OAuth authorization request (RFC 6749 section 4.1.1).'),
      }),
    )
    .describe('URLs inside parameters.'),
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
      'Parts that look random: name, length, estimated bits, and 16 hexadecimal digits of SHA-256 of the value.',
    ),
});
export type UrlFacts = z.infer<typeof urlFacts>;
