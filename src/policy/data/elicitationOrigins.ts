/** The allow list of origins, strictly: an entry that browsers would read otherwise than its reviewer did allows the wrong place. */
import { getDomain } from 'tldts';
import { z } from 'zod';

const WILDCARD = '*.';
const BEGINNING = 'https://';
/** A day, which counts to its end, or a second; both UTC, because policies compare them as text. */
const EXPIRY = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/;

const origin = z
  .string()
  .superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  })
  .describe(
    'As browsers write it: https://connect.example.com, with :port unless it is 443, and nothing behind.',
  );

const words = z.string().refine((text) => text.trim() !== '', 'must say something');

/** One origin that a server may send users to, with who says so and for how long. */
export const allowedElicitationOrigin = z.strictObject({
  origin,
  servers: z
    .array(words)
    .nonempty()
    .optional()
    .describe('Names of the servers that may use it, as in metadata.name. Left out: all of them.'),
  reviewedBy: words.describe('Who looked at it and answers for it.'),
  reason: words.describe('What users do there.'),
  expires: z
    .string()
    .refine(isExpiry, 'must be a day such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z')
    .describe('Last day, or first second, of which it does not count any more. UTC.'),
});
export type AllowedElicitationOrigin = z.infer<typeof allowedElicitationOrigin>;

/** Whether the entry stands for the subdomains of a host. */
export function isWildcard(text: string): boolean {
  return text.startsWith(BEGINNING + WILDCARD);
}

function isExpiry(text: string): boolean {
  if (!EXPIRY.test(text)) return false;
  const time = new Date(text.length === 10 ? `${text}T00:00:00Z` : text);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 19));
}

/** Why an entry is no origin that could be reviewed; null when it is one. */
function problemOf(text: string): string | null {
  if (text.startsWith('http://'))
    return 'must begin with https://; http is only for this machine, see config.elicitationLoopback';
  if (!text.startsWith(BEGINNING)) return 'must begin with https://';
  const exact = isWildcard(text) ? BEGINNING + text.slice(BEGINNING.length + WILDCARD.length) : text;
  if (exact.includes('*')) return 'may have * as its whole first label only, as in https://*.example.com';
  const normal = URL.canParse(exact) ? new URL(exact).origin : null;
  if (normal === null) return 'must be an origin such as https://connect.example.com';
  if (normal !== exact) return `must be written as browsers do: ${normal}`;
  if (isWildcard(text) && getDomain(exact, { allowPrivateDomains: true }) === null)
    return `must not be a wildcard for a public suffix or an address, where anybody has a name`;
  return null;
}

const listed = z.looseObject({
  mcp: z.looseObject({ allowedElicitationOrigins: z.array(z.looseObject({ origin: z.string() })) }),
});

/** The origins on the allow list of checked data, whatever servers they are for; what a URL is compared with. */
export function reviewedOrigins(data: unknown): readonly string[] {
  const parsed = listed.safeParse(data);
  if (!parsed.success) return [];
  return parsed.data.mcp.allowedElicitationOrigins.map((entry) => entry.origin);
}
