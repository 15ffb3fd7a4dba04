/** The fault of answers routed by JSON-RPC id alone: of two clients that use the same id, each gets what the other asked for. */

/** How long an answer waits for another client to come along; the faultless server never does. */
const OVERLAP_MS = 60;

/**
 * Notes who waits for the answer to a request.
 * @param {import('./world.mjs').World} world
 * @param {{ id?: string | number }} request
 * @param {(answer: any) => void} deliver
 */
export function collect({ crossed, switches }, { id }, deliver) {
  if (switches.routing !== 'by-request-id' || id === undefined) return;
  crossed.set(id, [...(crossed.get(id) ?? []), deliver]);
}

/** Gives an answer to whoever asked last with its id. @param {import('./world.mjs').World} world @param {any} answer */
export async function hand({ crossed }, answer) {
  await new Promise((resolve) => setTimeout(resolve, OVERLAP_MS));
  const waiting = crossed.get(answer.id) ?? [];
  const last = waiting.pop();
  if (waiting.length === 0) crossed.delete(answer.id);
  last?.(answer);
}
