/**
 * The rules about waivers themselves. They are the judge's and not Rego: whether a waiver is used is only known when every
 * finding is. They are catalogued like all others, so that their level is data and every output lists them.
 */
import type { Rule } from '../verdict.js';

/** Stands for a file where the source of a rule is asked for. */
export const WAIVER_RULES_FILE = 'mcp-gate:waivers';

export const WAIVER_PROBLEMS = ['invalid', 'expired', 'unused', 'ending'] as const;
export type WaiverProblem = (typeof WAIVER_PROBLEMS)[number];

type Words = Pick<Rule, 'level' | 'severity' | 'title' | 'description' | 'remediation'>;

const WORDS: Readonly<Record<WaiverProblem, Words>> = {
  invalid: {
    level: 'warn',
    severity: 'medium',
    title: 'A waiver covers nothing',
    description:
      'It has no end, or one further away than mcp.config.waiverMaximumDays allows, or it names a rule that cannot be waived. The findings it is meant for count as if it were not there.',
    remediation: 'Give it an end within the maximum, or remove it.',
  },
  expired: {
    level: 'warn',
    severity: 'medium',
    title: 'A waiver has ended',
    description: 'The findings it covered count again. It stays in the data until somebody removes it.',
    remediation: 'Mend what it covered and remove it, or have a new end reviewed.',
  },
  unused: {
    level: 'warn',
    severity: 'low',
    title: 'A waiver is not needed',
    description:
      'The server was judged completely and nothing was found that this waiver covers. Left in place it would hide the finding if it came back.',
    remediation: 'Remove it, or correct the rule, the server or the place that it names.',
  },
  ending: {
    level: 'notice',
    severity: 'low',
    title: 'A waiver ends soon',
    description: 'It ends within mcp.config.waiverNoticeDays. From then on what it covers counts again.',
    remediation: 'Mend what it covers before, or have a new end reviewed.',
  },
};

export const waiverRuleId = (problem: WaiverProblem): string => `gate/waiver-${problem}`;

export const WAIVER_RULES: Readonly<Record<WaiverProblem, Rule>> = {
  invalid: ruleOf('invalid'),
  expired: ruleOf('expired'),
  unused: ruleOf('unused'),
  ending: ruleOf('ending'),
};

function ruleOf(problem: WaiverProblem): Rule {
  return {
    id: waiverRuleId(problem),
    ...WORDS[problem],
    references: [],
    requirement: 'advice',
    undecides: false,
    builtin: true,
    source: { file: WAIVER_RULES_FILE, line: 1 },
  };
}

/** Whether a rule is about waivers: such a one can be lowered by data, and waived by nobody. */
export function isWaiverRule(id: string): boolean {
  return WAIVER_PROBLEMS.some((problem) => waiverRuleId(problem) === id);
}
