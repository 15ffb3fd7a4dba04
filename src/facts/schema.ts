/** The facts as JSON Schema: what types the input of policies, for the compiler and for editors. */
import { z } from 'zod';
import { facts } from './facts.js';

/** JSON Schema (draft 7, which OPA's type checker reads) of the policy input, for `schema/facts.schema.json`. */
export function factsJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(facts, { target: 'draft-7' }),
    title: 'mcp-gate facts',
    description: 'The policy input: what the gate learnt about one candidate. Written by `--facts`.',
  };
}
