/** Reads one elicitation as it was sent: its mode, the description it fits, and where it leaves that. 2025-06-18, 2025-11-25 and 2026-07-28 client/elicitation. */
import type { ElicitationRequest } from '../../facts/elicitation.js';
import { isObject } from '../../wire/message.js';

type Mode = ElicitationRequest['mode'];
type Deviation = ElicitationRequest['deviations'][number];

/** The mode of a request: as sent, or else by what it carries. Without a mode it is a form. */
export function modeOf(params: unknown): { readonly mode: Mode; readonly sent: string | null } {
  if (!isObject(params)) return { mode: 'form', sent: null };
  const { mode, url, uri, requestedSchema } = params;
  if (mode === undefined || mode === null) {
    const opens = (typeof url === 'string' || typeof uri === 'string') && requestedSchema === undefined;
    return { mode: opens ? 'url' : 'form', sent: null };
  }
  const sent = typeof mode === 'string' ? mode.slice(0, 64) : `(${typeof mode})`;
  return { mode: mode === 'form' || mode === 'url' ? mode : 'other', sent };
}

/** Every URL a client could take from it, that of the specification first. */
export function urlsOf(params: unknown): readonly string[] {
  if (!isObject(params)) return [];
  const { url, uri } = params;
  return [...new Set([url, uri].flatMap(textsIn))];
}

/** What a client makes a text of, it opens: a list of one text is that text. Anything else is no URL, and no reason to look away. */
function textsIn(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  const [first, ...others] = Array.isArray(value) ? value : [];
  return typeof first === 'string' && others.length === 0 ? [first] : [''];
}

/** Which description it fits: that of its own revision where it does, else the oldest it fits. */
export function shapeOf(params: unknown, revision: string): ElicitationRequest['shape'] {
  const fitting = shapesOf(params);
  return fitting.find((shape) => shape === revision) ?? fitting[0] ?? 'unknown';
}

function shapesOf(params: unknown): readonly ElicitationRequest['shape'][] {
  if (!isObject(params)) return [];
  const { elicitationId, message, requestedSchema, uri, uriValidation, url } = params;
  if (uri !== undefined || uriValidation !== undefined) return ['advisory'];
  const { mode, sent } = modeOf(params);
  if (typeof message !== 'string') return [];
  if (mode === 'form' && isObject(requestedSchema))
    return [...(sent === null ? (['2025-06-18'] as const) : []), '2025-11-25', '2026-07-28'];
  if (mode !== 'url' || sent === null || typeof url !== 'string') return [];
  if (elicitationId === undefined) return ['2026-07-28'];
  return typeof elicitationId === 'string' ? ['2025-11-25'] : [];
}

/** Where it differs from what its revision describes. */
export function deviationsOf(params: unknown, revision: string): readonly Deviation[] {
  if (!isObject(params)) return ['wrong-type'];
  const { mode, sent } = modeOf(params);
  const found = new Set<Deviation>();
  if (mode === 'url' && sent === null) found.add('mode-missing');
  if (mode === 'other') found.add('mode-unknown');
  if (params['message'] === undefined) found.add('message-missing');
  if (params['uriValidation'] !== undefined) found.add('uri-validation');
  if (mode === 'url') for (const one of urlDeviations(params, revision)) found.add(one);
  if (mode === 'form' && params['requestedSchema'] === undefined) found.add('schema-missing');
  if (hasWrongType(params)) found.add('wrong-type');
  return [...found];
}

function urlDeviations(params: Readonly<Record<string, unknown>>, revision: string): readonly Deviation[] {
  const { elicitationId, uri, url } = params;
  const found: Deviation[] = [];
  if (url === undefined) found.push('url-missing');
  if (uri !== undefined) found.push('uri-instead-of-url');
  // The id came with 2025-11-25 and went with 2026-07-28.
  if (revision === '2025-11-25' && elicitationId === undefined) found.push('elicitation-id-missing');
  if (revision >= '2026-07-28' && elicitationId !== undefined) found.push('elicitation-id-unexpected');
  return found;
}

function hasWrongType(params: Readonly<Record<string, unknown>>): boolean {
  const texts = ['mode', 'message', 'url', 'uri', 'elicitationId'];
  const wrongText = texts.some((name) => params[name] !== undefined && typeof params[name] !== 'string');
  const schema = params['requestedSchema'];
  return wrongText || (schema !== undefined && !isObject(schema));
}

/** The advisory `uriValidation.expectedOrigin`. */
export function expectedOriginOf(params: unknown): string | null {
  if (!isObject(params) || !isObject(params['uriValidation'])) return null;
  const { expectedOrigin } = params['uriValidation'];
  return typeof expectedOrigin === 'string' ? expectedOrigin : null;
}
