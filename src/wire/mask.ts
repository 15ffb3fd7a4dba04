/** Takes credentials out of everything that is recorded, so that a report can be published. */

export const MASK = '***';

/** Shorter strings would blot out innocent text; they are masked in headers only. */
const SHORTEST_SECRET = 6;

const CREDENTIAL_HEADERS = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'dpop',
  'x-api-key',
]);

export interface Masker {
  /** Registers a secret; it is masked from now on, also where it is escaped for JSON or a URL. */
  add(secret: string): void;
  text(text: string): string;
  headers(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** True when `text` holds a registered secret. */
  finds(text: string): boolean;
}

/** A masker that knows `secrets`. */
export function createMasker(secrets: Iterable<string>): Masker {
  const forms = new Set<string>();
  let ordered: readonly string[] = [];

  function add(secret: string): void {
    if (secret.length < SHORTEST_SECRET || forms.has(secret)) return;
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeSafely(secret)]) forms.add(form);
    // The longest first, so that a secret that holds another one is not half masked.
    ordered = [...forms].sort((a, b) => b.length - a.length);
  }

  function text(value: string): string {
    return ordered.reduce((masked, form) => masked.replaceAll(form, MASK), value);
  }

  function headers(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const masked: Record<string, string> = Object.create(null);
    for (const [name, value] of Object.entries(values)) {
      masked[name] = CREDENTIAL_HEADERS.has(name.toLowerCase()) ? maskCredential(value) : text(value);
    }
    return masked;
  }

  for (const secret of secrets) add(secret);
  return { add, text, headers, finds: (value) => ordered.some((form) => value.includes(form)) };
}

/** The credentials in an Authorization value, without the scheme; null when there is nothing to hide. */
export function credentialsOf(authorization: string): string | null {
  const space = authorization.indexOf(' ');
  const credentials = (space === -1 ? authorization : authorization.slice(space + 1)).trim();
  return credentials === '' ? null : credentials;
}

/** Keeps the scheme (`Bearer ***`): which scheme was used is evidence, the credentials are not. */
function maskCredential(value: string): string {
  const scheme = /^([A-Za-z][A-Za-z0-9-]*) +\S/.exec(value)?.[1];
  if (scheme !== undefined) return `${scheme} ${MASK}`;
  return value === '' ? '' : MASK;
}

function encodeSafely(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret; // a lone surrogate has no URL form
  }
}
