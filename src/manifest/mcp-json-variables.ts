/** Variables of `mcp.json`: what an editor would know or ask for comes from the environment here, by names that are told. */
import { homedir } from 'node:os';
import { basename, sep } from 'node:path';
import { didYouMean } from './nearest.js';
import { type Dialect, isReserved, type Meaning, refused, variableIn } from './variables.js';

export type Flavour = 'servers' | 'mcpServers';

export interface EditorContext {
  /** `servers` is VS Code's file, `mcpServers` that of Claude, Cursor and the like. */
  readonly flavour: Flavour;
  /** Absolute; what the editor would have open. */
  readonly workspace: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ids of VS Code's `inputs`. */
  readonly inputs: readonly string[];
  /** Values of the entry's `envFile`, under `${envFile:NAME}`, which the importer itself writes. */
  readonly envFile: ReadonlyMap<string, string>;
}

/** Variable that stands in for what VS Code would ask: `my-key` is `MCP_GATE_INPUT_MY_KEY`. */
export function inputVariable(id: string): string {
  return `MCP_GATE_INPUT_${id.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

export function mcpJsonDialect(context: EditorContext): Dialect {
  const fixed = new Map([
    ['workspaceFolder', context.workspace],
    ['workspaceFolderBasename', basename(context.workspace)],
    ['userHome', variableIn(context.env, 'HOME') ?? variableIn(context.env, 'USERPROFILE') ?? homedir()],
    ['pathSeparator', sep],
    ['/', sep],
  ]);
  return {
    meaningOf(name) {
      const known = fixed.get(name);
      if (known !== undefined) return { kind: 'value', value: known, secret: false };
      const [, scheme, rest] = /^(env|input|envFile):(.*)$/s.exec(name) ?? [];
      if (scheme === 'env' && rest !== undefined) return fromEnvironment(context.env, rest, null);
      if (scheme === 'input' && rest !== undefined) return fromInput(context, rest);
      if (scheme === 'envFile' && rest !== undefined) return fromEnvFile(context, name, rest);
      const [, plain, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(name) ?? [];
      const claude = context.flavour === 'mcpServers' && plain !== undefined;
      return claude ? fromEnvironment(context.env, plain, fallback ?? null) : unknown(context, name);
    },
  };
}

function unknown(context: EditorContext, name: string): Meaning {
  const input = context.flavour === 'servers' ? ', ${input:id}' : '';
  return refused(`unknown variable \${${name.slice(0, 60)}}`, {
    expected: `one of \${env:NAME}${input}, \${workspaceFolder}, \${workspaceFolderBasename}, \${userHome}, \${pathSeparator}`,
  });
}

function fromEnvironment(env: NodeJS.ProcessEnv, name: string, fallback: string | null): Meaning {
  if (isReserved(name)) {
    return refused(`\${env:${name}} belongs to the runner and is never passed on`, {
      suggestion: 'give the value another name in the workflow',
    });
  }
  const value = variableIn(env, name);
  if (value !== null) return { kind: 'value', value, secret: true };
  if (fallback !== null) return { kind: 'value', value: fallback, secret: false };
  return refused(`the environment variable ${name} has no value`, {
    suggestion: `set ${name} where the gate runs`,
  });
}

function fromInput(context: EditorContext, id: string): Meaning {
  if (!context.inputs.includes(id)) {
    const expected =
      context.inputs.length === 0 ? 'an id that "inputs" defines' : `one of ${context.inputs.join(', ')}`;
    return refused(`\${input:${id.slice(0, 60)}} is not defined`, {
      expected,
      ...didYouMean(id, context.inputs),
    });
  }
  const variable = inputVariable(id);
  const value = variableIn(context.env, variable);
  if (value !== null) return { kind: 'value', value, secret: true };
  return refused(`\${input:${id}} has no value, and nobody is there to be asked`, {
    suggestion: `set ${variable} where the gate runs`,
  });
}

function fromEnvFile(context: EditorContext, name: string, variable: string): Meaning {
  const value = context.envFile.get(variable);
  return value === undefined ? unknown(context, name) : { kind: 'value', value, secret: value !== '' };
}
