/** What the reference server does at each place where a fault can change it; the values are in switches.mjs. */
export type Switches = Readonly<Record<string, unknown>>;
export const FAULTLESS: Switches;
