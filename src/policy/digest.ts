/** One way to name content: equal things get equal names, whatever order their keys are in. RFC 8785. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 in hex of bytes, or of the canonical JSON of a value. */
export function sha256(value: unknown): string {
  const bytes = value instanceof Uint8Array ? value : canonical(value);
  return createHash('sha256').update(bytes).digest('hex');
}

/** JSON with sorted keys; what JSON has no words for is `null`. */
export function canonical(value: unknown): string {
  return canonicalize(value) ?? 'null';
}
