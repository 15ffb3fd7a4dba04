/** What the clients of this probe say they can do, and what that makes of a request. 2025-11-25 and 2026-07-28 client/elicitation, "Capabilities". */
import type { DeclaredElicitation } from '../../facts/elicitation.js';
import type { Era } from '../../facts/revisions.js';

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

const ELICITATION: Readonly<Record<DeclaredElicitation, Readonly<Record<string, unknown>>>> = {
  none: {},
  empty: { elicitation: {} },
  form: { elicitation: { form: {} } },
  url: { elicitation: { url: {} } },
  both: { elicitation: { form: {}, url: {} } },
};

/** Capabilities of a client; those of the modern era may name the Tasks extension. */
export function capabilitiesOf(
  declared: DeclaredElicitation,
  lane: 'plain' | 'task',
  era: Era,
): Readonly<Record<string, unknown>> {
  const elicitation = ELICITATION[declared];
  if (lane === 'plain' || era === 'legacy') return elicitation;
  return { ...elicitation, extensions: { [TASKS_EXTENSION]: {} } };
}

/** Modes and their sub-capabilities exist since 2025-11-25; before, a client can elicit or it cannot. */
export function declarationsOf(revision: string): readonly DeclaredElicitation[] {
  return revision < '2025-11-25' ? ['both', 'none', 'empty'] : ['both', 'none', 'empty', 'form', 'url'];
}

/** Whether a client that declared this can be asked in this mode. */
export function isDeclared(declared: DeclaredElicitation, mode: 'form' | 'url' | 'other'): boolean {
  if (mode === 'other' || declared === 'none') return false;
  if (declared === 'both') return true;
  return mode === (declared === 'url' ? 'url' : 'form');
}
