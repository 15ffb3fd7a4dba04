/** JSON pointers (RFC 6901): how the stages name a place in a manifest. */

export type Segment = string | number;

/** `['spec', 'run', 'a/b']` to `/spec/run/a~1b`; the empty list to the empty pointer, the whole document. */
export function toPointer(segments: readonly Segment[]): string {
  return segments
    .map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** The inverse, lenient: a pointer without its leading slash is read as if it had one. */
export function fromPointer(pointer: string): readonly string[] {
  if (pointer === '') return [];
  const body = pointer.startsWith('/') ? pointer.slice(1) : pointer;
  return body.split('/').map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointer of what holds this one; the whole document holds itself. */
export function parentOf(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));
}

/** The way a person writes it: `spec.run.command[0]`. */
export function toPath(pointer: string): string {
  const path = fromPointer(pointer)
    .map((segment) => {
      if (/^\d+$/.test(segment)) return `[${segment}]`;
      return /^[\w$-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment.slice(0, 60))}]`;
    })
    .join('');
  if (path === '') return 'the document';
  return path.startsWith('.') ? path.slice(1) : path;
}

/** What a pointer leads to inside a value, or undefined. */
export function lookUp(value: unknown, pointer: string): unknown {
  return fromPointer(pointer).reduce<unknown>((inside, segment) => {
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, segment)) return undefined;
    return Reflect.get(inside, segment);
  }, value);
}
