/** Where a fault can be seen: the combinations of transports and eras that the table of faults uses. */

/** @typedef {import('./faults.mjs').Fault} Fault */

export const EVERYWHERE = /** @type {Fault['transports']} */ (['stdio', 'streamable-http', 'sse']);
export const HTTP = /** @type {Fault['transports']} */ (['streamable-http', 'sse']);
export const STREAMABLE = /** @type {Fault['transports']} */ (['streamable-http']);
export const NEGOTIATING = /** @type {Fault['transports']} */ (['stdio', 'streamable-http']);
/** The same, over HTTP where only one is tried: a server that keeps no sessions answers in one process what takes dozens on stdio. */
export const NEGOTIATING_HTTP = /** @type {Fault['transports']} */ (['streamable-http', 'stdio']);
export const STDIO = /** @type {Fault['transports']} */ (['stdio']);

export const ALL = /** @type {Fault['eras']} */ (['legacy', 'modern', 'both']);
export const LEGACY = /** @type {Fault['eras']} */ (['legacy', 'both']);
export const LEGACY_ONLY = /** @type {Fault['eras']} */ (['legacy']);
export const MODERN = /** @type {Fault['eras']} */ (['modern', 'both']);
export const MODERN_ONLY = /** @type {Fault['eras']} */ (['modern']);
