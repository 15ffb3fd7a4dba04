import { describe, expect, it } from '@jest/globals';
import type { FormFacts } from '../../../../src/facts/elicitationForm.js';
import { analyseForm } from '../../../../src/probes/elicitation/form/analyse.js';
import type { FormCase } from '../corpus/forms.js';
import {
  FORMS_WITH_HIDDEN_TEXT,
  FORMS_WITH_ILLEGAL_SCHEMA,
  FORMS_WITH_LINKS,
  FORMS_WITH_SECRETS,
  FORMS_WITH_SENSITIVE_DEFAULTS,
} from '../corpus/forms-bad.js';
import {
  HELD_OUT_LEGITIMATE,
  HELD_OUT_SECRETS,
  SECOND_HELD_OUT_LEGITIMATE,
  SECOND_HELD_OUT_SECRETS,
  THIRD_HELD_OUT_LEGITIMATE,
  THIRD_HELD_OUT_SECRETS,
} from '../corpus/forms-heldout.js';
import { LEGITIMATE_FORMS } from '../corpus/forms-legitimate.js';

type Kind = 'secrets' | 'links' | 'schemaProblems' | 'hidden' | 'sensitiveDefaults';

const KINDS: ReadonlyArray<readonly [Kind, readonly FormCase[]]> = [
  ['secrets', FORMS_WITH_SECRETS],
  ['links', FORMS_WITH_LINKS],
  ['schemaProblems', FORMS_WITH_ILLEGAL_SCHEMA],
  ['hidden', FORMS_WITH_HIDDEN_TEXT],
  ['sensitiveDefaults', FORMS_WITH_SENSITIVE_DEFAULTS],
];

const ONCE_HELD_OUT: ReadonlyArray<readonly [string, readonly FormCase[], readonly FormCase[]]> = [
  ['first set, once held out,', HELD_OUT_SECRETS, HELD_OUT_LEGITIMATE],
  ['second set, once held out,', SECOND_HELD_OUT_SECRETS, SECOND_HELD_OUT_LEGITIMATE],
  ['third set, once held out,', THIRD_HELD_OUT_SECRETS, THIRD_HELD_OUT_LEGITIMATE],
];

const factsOf = (given: FormCase): FormFacts => analyseForm({ ...given.params, revision: given.revision });
const has = (kind: Kind, given: FormCase): boolean => factsOf(given)[kind].length > 0;

/** Precision and recall of one kind, as a line that says them. */
function measured(label: string, kind: Kind, bad: readonly FormCase[], good: readonly FormCase[]): string {
  const caught = bad.filter((given) => has(kind, given)).length;
  const wrong = good.filter((given) => has(kind, given)).length;
  const precision = caught + wrong === 0 ? 1 : caught / (caught + wrong);
  return `${label} ${kind}: precision ${precision.toFixed(3)}, recall ${(caught / bad.length).toFixed(3)} (${bad.length} bad, ${good.length} legitimate)`;
}

describe('forms', () => {
  it.each(KINDS)('catches every bad form: %s', (kind, bad) => {
    expect(bad.filter((given) => !has(kind, given)).map(({ name }) => name)).toEqual([]);
  });

  it('finds nothing in legitimate forms', () => {
    const forms = [...LEGITIMATE_FORMS, ...ONCE_HELD_OUT.flatMap(([, , good]) => good)];
    const findings = forms.flatMap((given) => {
      const facts = factsOf(given);
      return KINDS.filter(([kind]) => facts[kind].length > 0).map(([kind]) => ({
        form: given.name,
        kind,
        found: facts[kind],
      }));
    });
    expect(findings).toEqual([]);
  });

  it('is measured on enough forms', () => {
    const large = KINDS.filter(([kind]) => kind !== 'sensitiveDefaults');
    expect(large.filter(([, bad]) => bad.length < 60)).toEqual([]);
    expect(LEGITIMATE_FORMS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(LEGITIMATE_FORMS.map(({ name }) => name)).size).toBe(LEGITIMATE_FORMS.length);
    const lines = [
      ...KINDS.map(([kind, bad]) => measured('corpus', kind, bad, LEGITIMATE_FORMS)),
      ...ONCE_HELD_OUT.map(([label, bad, good]) => measured(label, 'secrets', bad, good)),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  });
});
