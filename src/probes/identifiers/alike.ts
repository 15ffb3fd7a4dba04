/** Identifiers that nobody has, of the form of one that somebody has. */
import { randomInt, randomUUID } from 'node:crypto';

const CLASSES = ['0123456789', 'abcdef', 'ABCDEF', 'ghijklmnopqrstuvwxyz', 'GHIJKLMNOPQRSTUVWXYZ'] as const;

/** An id of the same form that nobody has: every letter and digit replaced by one of its kind, the form of a UUID kept. */
export function alike(id: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(id)) return randomUUID();
  const other = [...id]
    .map((character) => {
      const own = CLASSES.find((one) => one.includes(character));
      return own === undefined ? character : (own[randomInt(own.length)] ?? character);
    })
    .join('');
  // Too short to differ by chance alone.
  return other === id ? rotated(id) : other;
}

/** Every letter and digit replaced by the next of its kind. */
export function rotated(text: string): string {
  return [...text]
    .map((character) => {
      const own = CLASSES.find((one) => one.includes(character));
      return own === undefined ? character : (own[(own.indexOf(character) + 1) % own.length] ?? character);
    })
    .join('');
}
