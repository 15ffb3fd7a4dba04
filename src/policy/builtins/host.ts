/**
 * Loads a compiled policy for OPA's SDK with imports of ours: the SDK's own built-ins come before any it is given, differ
 * from OPA's (`sprintf`, `regex.split`, `yaml.*`), and see sets as arrays.
 */
import * as sdk from '@open-policy-agent/opa-wasm';

/** The SDK exports the class with its default export only; its types say otherwise. */
const { LoadedPolicy } = (sdk as unknown as { readonly default: Pick<typeof sdk, 'LoadedPolicy'> }).default;

export interface BuiltinCall {
  readonly name: string;
  /** Rego values as text, as `opa_value_dump` writes them; nothing is lost. */
  readonly operands: readonly string[];
  /** The WASM has an implementation of its own, which would answer otherwise than OPA's evaluator does. */
  readonly corrects: boolean;
}

/**
 * Answers one call of a built-in.
 * @returns a Rego value as text, or null for undefined
 * @throws whatever has to end the evaluation
 */
export type AnswerBuiltin = (call: BuiltinCall) => string | null;

export interface HostedPolicy {
  /** Input and data go in, and results come out, as JSON. */
  readonly policy: sdk.LoadedPolicy;
  /** The built-ins that the policy asks of its host, by its own list. */
  readonly wanted: readonly string[];
}

/** As much of a policy's exports as is called here; addresses and lengths count bytes. */
interface Exports {
  readonly opa_wasm_abi_version: { readonly value: number };
  readonly opa_wasm_abi_minor_version: { readonly value: number };
  builtins(): number;
  opa_json_dump(value: number): number;
  opa_value_dump(value: number): number;
  opa_value_parse(at: number, length: number): number;
  opa_malloc(length: number): number;
}

/** OPA's ABI 1: https://www.openpolicyagent.org/docs/wasm */
const ABI = 1;
const FIRST_PAGES = 5;
const UNDEFINED = 0;

/** The compiler puts this before a name that WASM has too, but answers otherwise than OPA's evaluator does. */
const OPA_PREFIX = 'mcp_gate_opa.';

/** @throws when the bytes are no policy of an ABI that the SDK speaks. */
export async function hostPolicy(wasm: Uint8Array, answer: AnswerBuiltin): Promise<HostedPolicy> {
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES });
  let listed: ReadonlyMap<number, Listed> = new Map();
  let exports: Exports | null = null;

  const call = (id: number, ...operands: readonly number[]): number => {
    const builtin = listed.get(id);
    if (exports === null || builtin === undefined)
      throw new Error(`The policy asks for built-in ${id}, which it does not list.`);
    const { opa_value_dump: dump } = exports;
    const texts = operands.map((operand) => textAt(memory, dump(operand)));
    const answered = answer({ ...builtin, operands: texts });
    return answered === null ? UNDEFINED : parsed(answered, memory, exports, builtin.name);
  };

  const source = await WebAssembly.instantiate(wasm, {
    env: {
      memory,
      opa_abort: (at: number) => {
        throw new Error(textAt(memory, at));
      },
      opa_println: () => {},
      opa_builtin0: (id: number) => call(id),
      opa_builtin1: (id: number, _context: number, a: number) => call(id, a),
      opa_builtin2: (id: number, _context: number, a: number, b: number) => call(id, a, b),
      opa_builtin3: (id: number, _context: number, a: number, b: number, c: number) => call(id, a, b, c),
      opa_builtin4: (id: number, _context: number, a: number, b: number, c: number, d: number) =>
        call(id, a, b, c, d),
    },
  });
  exports = source.instance.exports as unknown as Exports;
  const { value: abi } = exports.opa_wasm_abi_version;
  if (abi !== ABI) throw new Error(`The policy is of ABI ${abi}; expected ${ABI}. Compile it again.`);
  listed = list(exports, memory);
  return {
    policy: new LoadedPolicy(source, memory, exports.opa_wasm_abi_minor_version.value),
    wanted: [...listed.values()].map(({ name }) => name).sort(),
  };
}

type Listed = Pick<BuiltinCall, 'name' | 'corrects'>;

function list(exports: Exports, memory: WebAssembly.Memory): ReadonlyMap<number, Listed> {
  const ids = JSON.parse(textAt(memory, exports.opa_json_dump(exports.builtins()))) as Record<string, number>;
  return new Map(
    Object.entries(ids).map(([name, id]) => {
      const corrects = name.startsWith(OPA_PREFIX);
      return [id, { name: corrects ? name.slice(OPA_PREFIX.length) : name, corrects }];
    }),
  );
}

/** Text in a policy's memory ends with a zero byte. */
function textAt({ buffer }: WebAssembly.Memory, at: number): string {
  const bytes = Buffer.from(buffer);
  return bytes.toString('utf8', at, bytes.indexOf(0, at));
}

/** The memory may move while it grows, so its buffer is looked up after the place in it is known. */
function parsed(text: string, memory: WebAssembly.Memory, exports: Exports, name: string): number {
  const bytes = Buffer.from(text, 'utf8');
  const at = exports.opa_malloc(bytes.length);
  new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
  const value = exports.opa_value_parse(at, bytes.length);
  if (value === UNDEFINED) throw new Error(`The policy cannot read the answer of ${name}.`);
  return value;
}
