/** State handles: carts that a tool opens and another one takes, bound to the user they were opened for. */
import { randomBytes } from 'node:crypto';
import { userOf } from './authorize.mjs';

export class Carts {
  /** @type {Map<string, { user: string, items: string[] }>} */
  #carts = new Map();
  #switches;

  /** @param {import('./switches.mjs').Switches} switches */
  constructor(switches) {
    this.#switches = switches;
  }

  /** @param {import('./authorize.mjs').Caller} caller @returns {string} id */
  open(caller) {
    const sequential = this.#switches.handles === 'sequential';
    const id = sequential ? `cart-${1000 + this.#carts.size}` : randomBytes(24).toString('base64url');
    this.#carts.set(id, { user: userOf(caller), items: [] });
    return id;
  }

  /**
   * @param {import('./authorize.mjs').Caller} caller
   * @param {string} id
   * @param {string} item
   * @returns {readonly string[] | null} what is in it; null where the caller has no such cart, whoever else has
   */
  add(caller, id, item) {
    const cart = this.#carts.get(id);
    const bound = this.#switches.handles === 'bound';
    if (cart === undefined || (bound && cart.user !== userOf(caller))) return null;
    cart.items.push(item);
    return cart.items;
  }
}
