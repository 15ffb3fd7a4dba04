/** OPA's compiler inside the gate: policies are compiled, checked, tested and formatted with nothing installed. */
import {
  type Answer,
  type BuildRequest,
  type Built,
  type Checked,
  CompilerCrash,
  type Explained,
  type ExplainRequest,
  type Formatted,
  type Interpreted,
  type Outcome,
  type Problem,
  type Question,
  type Sources,
  type Tested,
  type TestRequest,
  type Versions,
} from './contract.js';
import { load, loadNow, type Reactor, start } from './reactor.js';

export interface CompilerOptions {
  /** `compiler.wasm.br`, wherever the caller ships it. */
  readonly artefact: URL | string;
  /** The only time the compiler knows: the start of the run. */
  readonly now?: Date;
}

/** Nothing is read or started before the first question. Nothing here throws. */
export interface Compiler {
  build(request: BuildRequest): Promise<Outcome<Built>>;
  check(sources: Sources): Promise<Outcome<Checked>>;
  test(request: TestRequest): Promise<Outcome<Tested>>;
  format(modules: Readonly<Record<string, string>>): Promise<Outcome<Formatted>>;
  /** Which rules are true of some facts, and what they read. */
  explain(request: ExplainRequest): Promise<Outcome<Explained>>;
  version(): Promise<Outcome<Versions>>;
  /** A capabilities file in OPA's format, for `opa check --capabilities` and editors. */
  capabilities(): Promise<Outcome<Readonly<Record<string, unknown>>>>;
  /**
   * Answers a built-in, synchronously, because a policy's WASM asks so; the first call may start the compiler.
   * Sets cross as arrays, keys as strings, and whole numbers beyond 2^53 are rounded.
   */
  callBuiltin(name: string, args: readonly unknown[]): Outcome<Answer<unknown>>;
  /**
   * The same in the text that `opa_value_dump` writes and `opa_value_parse` reads; nothing is lost.
   * @param now what the built-in takes for the time, where that is not the compiler's
   */
  callBuiltinInTerms(name: string, terms: readonly string[], now?: Date): Outcome<Answer<string>>;
  /** Asks OPA's own evaluator, the reference for what a compiled policy must answer. */
  interpret(question: Question): Promise<Outcome<Interpreted>>;
}

export function createCompiler({ artefact, now = new Date() }: CompilerOptions): Compiler {
  let module: WebAssembly.Module | null = null;
  let reactor: Reactor | null = null;

  const ask = <W, T>(operation: string, given: unknown, read: (written: W) => T, at?: Date): Outcome<T> => {
    try {
      module ??= loadNow(artefact);
      reactor ??= start(module, now);
      return outcome(reactor.ask(operation, given, at), read);
    } catch (cause) {
      reactor = null; // what is left of it may answer wrongly; the next question starts another
      return crashed(operation, cause);
    }
  };
  const askUnhurried = async <W, T>(operation: string, given: unknown, read: (written: W) => T) => {
    try {
      module ??= await load(artefact);
    } catch (cause) {
      return crashed(operation, cause);
    }
    return ask(operation, given, read);
  };

  return {
    build: (request) => askUnhurried('build', request, readBuilt),
    check: (sources) => askUnhurried('check', sources, asWritten<Checked>),
    test: (request) => askUnhurried('test', request, asWritten<Tested>),
    format: (modules) => askUnhurried('format', { modules }, asWritten<Formatted>),
    explain: (request) => askUnhurried('explain', request, asWritten<Explained>),
    version: () => askUnhurried('version', {}, asWritten<Versions>),
    capabilities: () => askUnhurried('capabilities', {}, asWritten<Readonly<Record<string, unknown>>>),
    callBuiltin: (name, args) => ask('builtin', { name, args }, readAnswer<unknown>('result')),
    callBuiltinInTerms: (name, terms, at) => ask('builtin', { name, terms }, readAnswer<string>('term'), at),
    interpret: (question) => askUnhurried('interpret', question, asWritten<Interpreted>),
  };
}

const asWritten = <T>(written: T): T => written;

function readBuilt({ wasm, ...rest }: Omit<Built, 'wasm'> & { readonly wasm: string }): Built {
  return { ...rest, wasm: Buffer.from(wasm, 'base64') };
}

interface WrittenAnswer {
  readonly result?: unknown;
  readonly term?: unknown;
  readonly undefined?: true;
  readonly error?: string;
  readonly halts?: true;
}

function readAnswer<T>(member: 'result' | 'term') {
  return (written: WrittenAnswer): Answer<T> => {
    if (written.error !== undefined) return failed(written.error, written.halts);
    if (written.undefined === true) return { kind: 'undefined' };
    return { kind: 'value', value: written[member] as T };
  };
}

function failed(reason: string, halts: true | undefined): Answer<never> {
  return halts === undefined ? { kind: 'failed', reason } : { kind: 'failed', reason, halts };
}

interface Reply<W> {
  readonly result?: W;
  readonly errors?: readonly Problem[];
  readonly fault?: string;
}

function outcome<W, T>(reply: unknown, read: (written: W) => T): Outcome<T> {
  const { result, errors, fault } = reply as Reply<W>;
  if (fault !== undefined) throw new Error(fault);
  if (errors !== undefined) return { kind: 'wrong', problems: errors };
  if (result === undefined) throw new Error('it answered with neither a result nor errors');
  return { kind: 'done', value: read(result) };
}

/** Anything may have been thrown: a trap, our own Exited, a string. */
function crashed(operation: string, cause: unknown): Outcome<never> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return {
    kind: 'crashed',
    crash: new CompilerCrash(`the policy compiler broke during ${operation}: ${reason}`, { cause }),
  };
}
