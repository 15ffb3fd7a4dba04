/** Header sets in layers, names without case: what a client sends by itself, what a probe changes, what it removes. */
import type { OutgoingHeaders } from './http.js';

/** null removes a header that an earlier layer set. */
export type HeaderLayer = Readonly<Record<string, string | readonly string[] | null | undefined>>;

/** Puts layers on one another, the last one wins. Removals stay removals for the layers below. */
export function stackHeaders(...layers: readonly (HeaderLayer | undefined)[]): HeaderLayer {
  const stacked = new Map<string, { name: string; value: string | readonly string[] | null }>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value !== undefined) stacked.set(name.toLowerCase(), { name, value });
    }
  }
  return Object.fromEntries([...stacked.values()].map(({ name, value }) => [name, value]));
}

/** The headers that are sent: all layers on one another, without what was removed. */
export function mergeHeaders(...layers: readonly (HeaderLayer | undefined)[]): OutgoingHeaders {
  const merged: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(stackHeaders(...layers))) {
    if (value !== null && value !== undefined) merged[name] = value;
  }
  return merged;
}

/** The same with one text for each header, as an exchange records it. */
export function recordedHeaders(headers: OutgoingHeaders): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value.join(', '),
  ]);
  return Object.fromEntries(entries);
}

/** Whether a value the candidate chose can be sent back as a header value. RFC 9110, section 5.5. */
export function isHeaderValue(value: string): boolean {
  return value.length <= 4096 && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value);
}

/**
 * Encodes a value for `Mcp-Name` and `Mcp-Param-*`: plain when it is safe, else in the Base64 form.
 * 2026-07-28 basic/transports/streamable-http, "Value Encoding".
 */
export function encodeHeaderValue(value: string): string {
  const safe = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(value);
  const looksEncoded = value.startsWith('=?base64?') && value.endsWith('?=');
  if (value === '' || (safe && !looksEncoded)) return value;
  return `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}
