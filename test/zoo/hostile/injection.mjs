/** Text that tries to leave the place where it is shown: each kind once, with a marker that a test can look for. */

export const MARKER = 'zoo-injection';

/** What no output of the gate may contain unescaped. */
export const PAYLOADS = [
  `::error file=README.md::${MARKER}`,
  `\n::set-output name=decision::allow-${MARKER}`,
  `::add-mask::${MARKER}`,
  `\u001b[2J\u001b[31m${MARKER}\u001b[0m`,
  `\u001b]8;;https://outside.example.invalid\u0007${MARKER}\u001b]8;;\u0007`,
  `<img src=x onerror=alert(1)>${MARKER}`,
  `| ${MARKER} | \`code\` **bold** [link](https://outside.example.invalid) ![pixel](https://outside.example.invalid/p.png)`,
  `@everyone @octocat #1 ${MARKER}`,
  `\u202e${MARKER}\u202c\u200b\u2066`,
  `${MARKER}\u{e0041}\u{e0042}`,
  `\r${MARKER}`,
  `${MARKER}\u0000`,
];

const ALL = PAYLOADS.join(' ');

/** @param {any} answer @returns {any} */
export function poisonAnswer(answer) {
  if (answer.error !== undefined)
    return { ...answer, error: { ...answer.error, message: ALL, data: { hint: ALL } } };
  const { result } = answer;
  if (result.serverInfo !== undefined) {
    return {
      ...answer,
      result: { ...result, serverInfo: { name: ALL, version: ALL, title: ALL }, instructions: ALL },
    };
  }
  if (result.tools === undefined) return answer;
  const tools = PAYLOADS.map((payload) => ({
    name: payload,
    description: ALL,
    inputSchema: { type: 'object', title: ALL },
  }));
  return { ...answer, result: { tools } };
}

/** What it says on the streams that people read. */
export function poisonStreams({ stdout }) {
  for (const payload of PAYLOADS) {
    process.stderr.write(`${payload}\n`);
    if (stdout) process.stdout.write(`${payload}\n`);
  }
}
