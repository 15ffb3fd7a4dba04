/** Decides what a `${…}` in a manifest means: filled in now, left for the start of the candidate, or refused with a reason. */
import { didYouMean } from './nearest.js';
import type { Hints } from './problem.js';
import { joinTemplate, RUNTIME_VARIABLES, splitTemplate, type TemplatePart } from './templates.js';

export type Meaning =
  | { readonly kind: 'value'; readonly value: string; readonly secret: boolean }
  | { readonly kind: 'later' }
  | { readonly kind: 'refused'; readonly message: string; readonly hints: Hints };

/** What one file format's variables mean. */
export interface Dialect {
  meaningOf(name: string): Meaning;
}

export interface Filled {
  /** Still a template when something is left for later. */
  readonly text: string;
  readonly secrets: readonly string[];
  readonly refusals: readonly { readonly message: string; readonly hints: Hints }[];
}

/** Replaces what is known now and keeps the rest as a template for `fillTemplate`. */
export function fillKnown(template: string, dialect: Dialect): Filled {
  const secrets: string[] = [];
  const refusals: { message: string; hints: Hints }[] = [];
  const parts = splitTemplate(template).map((part): TemplatePart => {
    if (part.kind === 'text') return part;
    if (part.kind === 'unfinished') {
      refusals.push({ message: 'a ${ without its }', hints: { suggestion: 'write $${ for a literal ${' } });
      return part;
    }
    const meaning = dialect.meaningOf(part.name);
    if (meaning.kind === 'later') return part;
    if (meaning.kind === 'refused') {
      refusals.push({ message: meaning.message, hints: meaning.hints });
      return part;
    }
    if (meaning.secret) secrets.push(meaning.value);
    return { kind: 'text', text: meaning.value };
  });
  return { text: joinTemplate(parts), secrets, refusals };
}

const OF_THE_RUNNER = /^(GITHUB|ACTIONS|INPUT|RUNNER|MCP_GATE)_/i;
const CREDENTIALS_OF_THE_JOB =
  /^(GH_TOKEN|GH_ENTERPRISE_TOKEN|NODE_AUTH_TOKEN|NPM_TOKEN|CI_JOB_TOKEN|CI_JOB_JWT.*|SYSTEM_ACCESSTOKEN|SSH_AUTH_SOCK|NPM_CONFIG_.*(AUTH|TOKEN|PASSWORD).*)$/i;

/** What a variable is that no manifest may take: a command or setting of the runner, or a credential of the job. */
export function reservation(name: string): 'runner' | 'credential' | null {
  if (OF_THE_RUNNER.test(name)) return 'runner';
  return CREDENTIALS_OF_THE_JOB.test(name) ? 'credential' : null;
}

/** Whether no manifest may take a variable. */
export function isReserved(name: string): boolean {
  return reservation(name) !== null;
}

/** A variable's value; an empty one counts as none, as a secret that is not set arrives empty on a runner. */
export function variableIn(env: NodeJS.ProcessEnv, name: string): string | null {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined || value === '' ? null : value;
}

/** What holds for the server at hand; it decides which runtime variables will have a value. */
export interface RuntimeScope {
  readonly overHttp: boolean;
  readonly embeddedIdentity: boolean;
}

/** Whether a variable the candidate stage fills in will have a value for this server; null when it is no such variable. */
export function runtimeMeaning(name: string, scope: RuntimeScope | null): Meaning | null {
  if (!RUNTIME_VARIABLES.some((known) => known === name)) return null;
  if (scope === null) {
    return refused(`\${${name}} is known only when a command starts`, {
      suggestion: 'use it in run.command or run.env',
    });
  }
  if (name.startsWith('identity.') && !scope.embeddedIdentity) {
    return refused(`\${${name}} has no value here`, { expected: 'authorization.provider embedded' });
  }
  if (!name.startsWith('identity.') && !scope.overHttp) {
    return refused(`\${${name}} has no value on stdio`, { expected: 'a transport over HTTP' });
  }
  return { kind: 'later' };
}

/** The native form: runtime variables, and `${env.NAME}` for what `passEnv` lists. */
export function nativeDialect(
  env: NodeJS.ProcessEnv,
  passEnv: readonly string[],
  scope: RuntimeScope | null,
): Dialect {
  return {
    meaningOf(name) {
      const runtime = runtimeMeaning(name, scope);
      if (runtime !== null) return runtime;
      if (!name.startsWith('env.')) {
        const known = scope === null ? ['env.NAME'] : [...RUNTIME_VARIABLES, 'env.NAME'];
        const hint = didYouMean(name, [...RUNTIME_VARIABLES]);
        const suggestion = hint.suggestion ?? 'write $${ for a literal ${';
        return refused(`unknown variable \${${name.slice(0, 60)}}`, {
          expected: `one of ${known.join(', ')}`,
          suggestion,
        });
      }
      const variable = name.slice('env.'.length);
      if (!passEnv.includes(variable)) {
        return refused(`\${${name}} is not available`, {
          suggestion: `list ${variable} in spec.run.passEnv`,
        });
      }
      const value = variableIn(env, variable);
      if (value !== null) return { kind: 'value', value, secret: true };
      return refused(`the environment variable ${variable} has no value`, {
        suggestion: `set ${variable} where the gate runs`,
      });
    },
  };
}

export function refused(message: string, hints: Hints): Meaning {
  return { kind: 'refused', message, hints };
}
