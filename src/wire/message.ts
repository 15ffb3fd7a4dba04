/** Tells JSON-RPC messages apart without trusting that a value is one. JSON-RPC 2.0, sections 4 to 6. */

export type JsonRpcId = string | number | null;

export type Sorted =
  | { readonly kind: 'request'; readonly id: JsonRpcId; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'response'; readonly id: unknown; readonly message: Readonly<Record<string, unknown>> }
  | { readonly kind: 'other' };

/** True for a JSON object, as opposed to an array, null or a scalar. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The messages in a value: the members of a batch, or the value itself. */
export function membersOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** What kind of message a value is. Lenient: a missing `jsonrpc` does not make it another kind. */
export function sortMessage(value: unknown): Sorted {
  if (!isObject(value)) return { kind: 'other' };
  const { method, id, params } = value;
  if (typeof method === 'string') {
    if (id === undefined) return { kind: 'notification', method, params };
    return { kind: 'request', id: isId(id) ? id : null, method, params };
  }
  if ('result' in value || 'error' in value) return { kind: 'response', id, message: value };
  // An answer with neither result nor error is still somebody's answer.
  if (value['jsonrpc'] === '2.0' && id !== undefined) return { kind: 'response', id, message: value };
  return { kind: 'other' };
}

export function isId(value: unknown): value is JsonRpcId {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

/** True when `value`, or a member of the batch it is, answers the request `id`. 1 and "1" are different ids. */
export function answersRequest(value: unknown, id: JsonRpcId): boolean {
  return membersOf(value).some((member) => {
    const sorted = sortMessage(member);
    return sorted.kind === 'response' && sorted.id === id;
  });
}

/** The ids of the requests in an outgoing message, which may be a batch or nonsense. */
export function requestIdsIn(message: unknown): readonly JsonRpcId[] {
  return membersOf(message).flatMap((member) => {
    if (!isObject(member) || typeof member['method'] !== 'string') return [];
    const id = member['id'];
    return id !== undefined && id !== null && isId(id) ? [id] : [];
  });
}
