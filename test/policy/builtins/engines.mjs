/** One question, asked of a policy as WASM in the gate's host, and of OPA's own evaluator; both answer in Rego's text. */

/** What stands for no value, among values written as text. */
export const UNDEFINED = 'undefined';

/**
 * The engines around one compiler.
 * @param {{ compiler: any, hostPolicy: Function, createAnswers: Function, now: Date }} given
 */
export function createEngines({ compiler, hostPolicy, createAnswers, now }) {
  const ask = (name, ...operands) => {
    const outcome = compiler.callBuiltinInTerms(name, operands);
    if (outcome.kind === 'done' && outcome.value.kind === 'value') return outcome.value.value;
    throw new Error(`${name}(${operands.join(', ')}): ${JSON.stringify(outcome)}`);
  };
  const answers = createAnswers({
    compiler: () => compiler,
    nowMs: () => now.getTime(),
    onFailure: () => {},
  });

  return {
    async wasm({ modules, entrypoint, data, input }) {
      const built = await compiler.build({ modules, entrypoints: [entrypoint], lax: true });
      if (built.kind !== 'done') return notCompiled(built);
      try {
        const { policy } = await hostPolicy(built.value.wasm, answers);
        policy.setData(data ?? {});
        return { ...resultIn(evaluateAsText(policy, entrypoint, input)), used: built.value.builtinsUsed };
      } catch (cause) {
        return { kind: 'error', message: cause instanceof Error ? cause.message : String(cause) };
      }
    },

    async opa({ modules, entrypoint, data, input }) {
      const question = { modules, entrypoint, lax: true, data: data ?? {} };
      if (input !== undefined) question.input = JSON.stringify(input);
      const outcome = await compiler.interpret(question);
      if (outcome.kind !== 'done') return notCompiled(outcome);
      const { term, error } = outcome.value;
      if (error !== undefined) return { kind: 'error', message: `${error.code}: ${error.message}` };
      return term === undefined ? { kind: 'undefined' } : { kind: 'value', term };
    },

    /** Equal as Rego has it: 1.0 is 1, and the order in a set is none. */
    equal: (a, b) => a === b || (a !== UNDEFINED && b !== UNDEFINED && ask('equal', a, b) === 'true'),
  };
}

/** The members of an object written as text, by their keys as they are written. */
export function members(object) {
  const found = new Map();
  let [depth, quoted, from, key] = [0, false, 1, ''];
  for (let at = 0; at < object.length; at += 1) {
    const letter = object[at];
    if (quoted) {
      if (letter === '\\') at += 1;
      else if (letter === '"') quoted = false;
      continue;
    }
    if (letter === '"') quoted = true;
    if (letter === ':' && depth === 1) [key, from] = [object.slice(from, at).trim(), at + 1];
    if ((letter === ',' || letter === '}') && depth === 1) {
      if (key !== '') found.set(key, object.slice(from, at).trim());
      [key, from] = ['', at + 1];
    }
    if ('[{'.includes(letter)) depth += 1;
    if (']}'.includes(letter)) depth -= 1;
  }
  return found;
}

function notCompiled(outcome) {
  if (outcome.kind === 'crashed') throw outcome.crash;
  return { kind: 'not-compiled', problems: outcome.problems };
}

const AS_VALUE = 1;

/** What `policy.evaluate` does, but for the writing of the result: JSON would lose sets. */
function evaluateAsText(policy, entrypoint, input) {
  const { opa_eval, opa_malloc, opa_heap_ptr_get, opa_heap_ptr_set } = policy.wasmInstance.exports;
  opa_heap_ptr_set(policy.dataHeapPtr);
  const bytes = input === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(input));
  const at = input === undefined ? 0 : opa_malloc(bytes.length);
  new Uint8Array(policy.mem.buffer).set(bytes, at);
  const id = policy.entrypoints[entrypoint];
  const address = opa_eval(0, id, policy.dataAddr, at, bytes.length, opa_heap_ptr_get(), AS_VALUE);
  const memory = Buffer.from(policy.mem.buffer);
  return memory.toString('utf8', address, memory.indexOf(0, address));
}

/** A result set is `set()` or `{{"result": …}}`. */
function resultIn(text) {
  if (text === 'set()') return { kind: 'undefined' };
  const opening = '{{"result":';
  if (!text.startsWith(opening) || !text.endsWith('}}'))
    throw new Error(`no result set: ${text.slice(0, 80)}`);
  return { kind: 'value', term: text.slice(opening.length, -2).trim() };
}
