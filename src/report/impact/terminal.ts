/** What a policy edit changes, for a terminal or a job log: decisions that flip first, what would be let through loudest. */
import { flips, type PolicyImpact, type ServerImpact } from '../../policy/impact/impact.js';
import { cap, guardCommands, terminal } from '../escape.js';
import { type Paint, painter } from '../paint.js';
import { LIMITS } from '../phrases.js';
import { changeWords, dataPath, dataWords, flipWords, headline, loosens } from './words.js';

const ROWS = 200;

/** Text that ends with a line break. */
export function renderImpactTerminal(impact: PolicyImpact, options: { readonly color: boolean }): string {
  const paint = painter(options);
  const lines = [
    paint(headline(impact), 'bold'),
    ...impact.servers.flatMap((server) => serverLines(server, paint)),
    ...section(
      'Rules',
      impact.rules.map((one) => `${shown(one.rule)}  ${changeWords(one)}`),
      paint,
    ),
    ...section(
      'Data',
      impact.data.map(
        (one) => `${shown(dataPath(one))}  ${shown(dataWords(one).before)} → ${shown(dataWords(one).after)}`,
      ),
      paint,
    ),
  ];
  return guardCommands(`${lines.join('\n')}\n`);
}

function serverLines(server: ServerImpact, paint: Paint): string[] {
  const name = shown(cap(server.server, LIMITS.name));
  const style = loosens(server) ? 'red' : 'yellow';
  const head = flips(server)
    ? paint(`${loosens(server) ? '!' : '~'} ${name}: ${flipWords(server)}`, 'bold', style)
    : `  ${name}: ${flipWords(server)}`;
  const rows = server.findings.slice(0, ROWS).map((one) => {
    const mark = one.before === null ? '+' : one.after === null ? '-' : '~';
    return `    ${mark} ${shown(one.rule)} at ${shown(one.at)}  ${changeWords(one)}`;
  });
  return ['', head, ...rows, ...more(server.findings.length - rows.length)];
}

function section(title: string, rows: readonly string[], paint: Paint): string[] {
  if (rows.length === 0) return [];
  return [
    '',
    paint(title, 'bold'),
    ...rows.slice(0, ROWS).map((row) => `    ${row}`),
    ...more(rows.length - ROWS),
  ];
}

function more(number: number): string[] {
  return number > 0 ? [`    … and ${number} more`] : [];
}

function shown(text: string): string {
  return terminal(cap(text, LIMITS.path));
}
