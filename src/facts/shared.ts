/** Pieces that the facts of several areas have in common. */
import { z } from 'zod';

export const evidence = z
  .array(z.string().regex(/^x\d+$/))
  .describe('Ids of the exchanges in the transcript that prove this fact.');

/** How one attempt that is either served or turned away ended. */
export const attemptOutcome = z
  .enum(['accepted', 'refused', 'inconclusive'])
  .describe(
    'accepted: a result, a stream or an effect came back. refused: none did, while the control succeeded. inconclusive: the control failed, or the answer proves neither.',
  );
export type AttemptOutcome = z.infer<typeof attemptOutcome>;

export const httpStatus = z
  .number()
  .int()
  .nullable()
  .describe('HTTP status; null on stdio and where no answer came.');
export const rpcCode = z
  .number()
  .nullable()
  .describe('JSON-RPC error code; null when the answer was no JSON-RPC error.');
export const durationMs = z.number().nonnegative().describe('Milliseconds.');
