/** Facts about one form that a server would put before a user. 2026-07-28 client/elicitation, "Form Mode Elicitation Requests". */
import { z } from 'zod';

const field = z.strictObject({
  name: z.string().max(256),
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object', 'other']),
  format: z.string().max(64).nullable(),
  required: z.boolean(),
});

const secret = z.strictObject({
  where: z.enum(['name', 'title', 'description', 'format', 'choice', 'message']),
  field: z.string().max(256).nullable().describe('null: the message, which belongs to no field.'),
  kind: z.enum([
    'password',
    'token',
    'api-key',
    'private-key',
    'payment-card',
    'bank-account',
    'one-time-code',
    'national-id',
    'recovery-phrase',
    'security-answer',
  ]),
  language: z.string().max(8).describe('Language of the wording, ISO 639-1; en also for names of fields.'),
  wording: z.string().max(120).describe('What was read so. Hostile text, cut short.'),
});

export const hiddenKind = z
  .enum([
    'control',
    'escape',
    'invisible',
    'direction',
    'tag',
    'variation',
    'stacked-marks',
    'out-of-sight',
    'markup',
  ])
  .describe(
    'escape: a terminal sequence. invisible: zero-width, filler, private and unassigned characters. variation: selectors no letter needs. out-of-sight: text far below or beside the rest. markup: a comment of HTML.',
  );
export type HiddenKind = z.infer<typeof hiddenKind>;

export const formFacts = z.strictObject({
  schemaGiven: z.boolean(),
  fields: z.array(field),
  omittedFields: z.number().int(),
  secrets: z.array(secret).describe('What asks the user for something secret.'),
  links: z
    .array(
      z.strictObject({
        where: z.string().max(64),
        field: z.string().max(256).nullable(),
        text: z.string().max(300),
      }),
    )
    .describe(
      'URLs in titles, descriptions, choices, and the message, and bare domains with a path or an invitation to go there. Names reserved for examples (RFC 2606) and templates without a host are not links.',
    ),
  schemaProblems: z
    .array(
      z.strictObject({
        kind: z.enum([
          'not-an-object',
          'nested',
          'unsupported-type',
          'unsupported-keyword',
          'unsupported-format',
          'no-properties',
          'required-unknown',
          'reference',
          'wrong-value',
          'too-large',
        ]),
        field: z.string().max(256).nullable(),
        detail: z.string().max(120),
      }),
    )
    .describe(
      'Where the schema leaves the subset of its revision. Annotations that change no answer (title, $schema, $comment, x-…, and additionalProperties: false) are not listed. wrong-value: a keyword whose value is of the wrong type, no choices, or a default that is none of them. too-large: more fields or text than were read.',
    ),
  hidden: z
    .array(
      z.strictObject({
        where: z.string().max(64),
        field: z.string().max(256).nullable(),
        kind: hiddenKind,
      }),
    )
    .describe('Texts with invisible or direction-changing characters, or terminal escapes.'),
  sensitiveDefaults: z
    .array(z.strictObject({ field: z.string().max(256), kind: z.string().max(64) }))
    .describe(
      'Fields whose default is something sensitive: a kind of secret, `url-credentials`, or `email` (an address outside the domains for examples).',
    ),
});
export type FormFacts = z.infer<typeof formFacts>;
