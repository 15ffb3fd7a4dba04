/** Stands in every payload, so that a test finds where it was shown. */
export const MARKER: string;
/** What no output of the gate may contain unescaped. */
export const PAYLOADS: readonly string[];
