/** Prints which rules were true of a server, and the facts they read. */
import type { TrueRule } from '../../policy/author/explain.js';
import { terminal as visible } from '../../report/escape.js';
import { count } from '../../report/phrases.js';

/** For people, after the report. */
export function renderExplanation(server: string, rules: readonly TrueRule[]): string {
  const head = `${visible(server)}: ${count(rules.length, 'rule')} true\n`;
  return `${[head, ...rules.map(renderRule)].join('\n')}\n`;
}

function renderRule({ rule, level, file, row, col, reads }: TrueRule): string {
  const width = Math.min(60, Math.max(0, ...reads.map(({ path }) => path.length)));
  const lines = reads.map(({ path, value }) => {
    const known = value === '' ? '(nothing is there)' : value;
    return `    ${visible(path).padEnd(width)}  ${visible(known)}\n`;
  });
  return `  ${visible(`${rule}  ${level}  ${file}:${row}:${col}`)}\n${lines.join('')}`;
}
