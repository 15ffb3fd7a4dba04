/** Fills the gate's own variables into a command, its arguments and its environment. */
import type { CommandRun } from '../manifest/plan.js';
import { fillTemplate, splitTemplate } from '../manifest/templates.js';
import { LaunchError } from './launch-error.js';
import type { Variables } from './options.js';

/** What a manifest writes where the port belongs. */
export const portPlaceholder = `$\{port}`;

/** Whether the manifest leaves the choice of the port to the gate. */
export function takesPort(run: CommandRun): boolean {
  return [...run.command, ...Object.values(run.env)].some((template) =>
    splitTemplate(template).some((part) => part.kind === 'variable' && part.name === 'port'),
  );
}

/** The command and environment with every variable replaced. Throws a `LaunchError` for one that has no value. */
export function fillIn(
  run: CommandRun,
  variables: Variables,
): { readonly command: readonly [string, ...string[]]; readonly env: Record<string, string> } {
  try {
    const [program, ...rest] = run.command;
    return {
      command: [
        fillTemplate(program, variables),
        ...rest.map((template) => fillTemplate(template, variables)),
      ],
      env: Object.fromEntries(
        Object.entries(run.env).map(([name, template]) => [name, fillTemplate(template, variables)]),
      ),
    };
  } catch (cause: unknown) {
    if (cause instanceof RangeError) throw new LaunchError(withoutValue(cause.message, variables));
    throw cause;
  }
}

function withoutValue(problem: string, variables: Variables): string {
  const names = Object.keys(variables).sort();
  const known = names.length === 0 ? 'none has one' : `these have one: ${names.join(', ')}`;
  return `the command could not be filled in: ${problem} (${known}); remove it from run.command and run.env, or choose the transport or authorization provider that supplies it`;
}
