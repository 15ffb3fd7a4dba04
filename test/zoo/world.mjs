/** What all connections of one server share: what its tools keep, and whom events can reach. */
import { Carts } from './carts.mjs';
import { StateSeal } from './requestState.mjs';
import { Tasks } from './tasks.mjs';

/**
 * @typedef {object} World
 * @property {import('./switches.mjs').Switches} switches
 * @property {Carts} carts
 * @property {StateSeal} seal
 * @property {Tasks} tasks
 * @property {Set<import('./legacy.mjs').LegacySeam>} seams Legacy connections that are open.
 * @property {(caller: import('./authorize.mjs').Caller, text: string) => void} publish Tells the listeners of the modern era.
 * @property {Map<string | number, ((answer: any) => void)[]>} crossed Who waits for an answer, by JSON-RPC id alone; only with a fault.
 */

/** @param {import('./switches.mjs').Switches} switches @returns {World} */
export function createWorld(switches) {
  return {
    switches,
    carts: new Carts(switches),
    seal: new StateSeal(switches),
    tasks: new Tasks(switches),
    seams: new Set(),
    publish: () => undefined,
    crossed: new Map(),
  };
}
