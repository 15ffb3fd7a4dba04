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
    .describe('URLs in titles, descriptions, choices, and the message.'),
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
        ]),
        field: z.string().max(256).nullable(),
        detail: z.string().max(120),
      }),
    )
    .describe('Where the schema leaves the subset of its revision.'),
  hidden: z
    .array(z.strictObject({ where: z.string().max(64), field: z.string().max(256).nullable() }))
    .describe('Texts with invisible or direction-changing characters, or terminal escapes.'),
  sensitiveDefaults: z
    .array(z.strictObject({ field: z.string().max(256), kind: z.string().max(64) }))
    .describe('Fields whose default is something sensitive: a token, an e-mail address, a card number.'),
});
export type FormFacts = z.infer<typeof formFacts>;
