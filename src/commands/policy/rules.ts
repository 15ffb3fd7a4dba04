/** `mcp-gate policy rules`: which rules there are, as this data has them. */
import { type CatalogueEntry, catalogueOf } from '../../policy/author/rules.js';
import { loadPolicy } from '../../policy/load.js';
import { hint } from '../../policy/spelling.js';
import {
  json as inert,
  markdown,
  markdownCode,
  markdownLink,
  terminal as visible,
} from '../../report/escape.js';
import { table } from '../../report/table.js';
import { UsageError } from '../failure.js';
import { policySources } from '../policySources.js';
import type { Terminal } from '../terminal.js';

export interface PolicyRulesOptions {
  readonly format: 'table' | 'markdown' | 'json';
  readonly environment?: string;
}

/** Exit code 0. Throws for policies that do not compile. */
export async function policyRules(
  paths: readonly string[],
  { format, environment }: PolicyRulesOptions,
  terminal: Terminal,
): Promise<number> {
  const policy = await loadPolicy(await policySources({ policies: paths }, terminal));
  if (environment !== undefined && !policy.environments.has(environment)) {
    const names = [...policy.environments.keys()];
    const known = names.length === 0 ? ' It names no environment at all.' : hint(environment, names);
    throw new UsageError(`--environment: the data has nothing for "${visible(environment)}".${known}`);
  }
  const rules = catalogueOf(policy, environment ?? null);
  const render = { table: renderTable, markdown: renderMarkdown, json: renderJson }[format];
  terminal.out(render(rules));
  return 0;
}

const levelOf = ({ level, levelFrom }: CatalogueEntry): string =>
  levelFrom === 'data' ? `${level} (by data)` : level;

function renderTable(rules: readonly CatalogueEntry[]): string {
  const rows = rules.map((rule) => [
    rule.id,
    levelOf(rule),
    rule.severity,
    rule.requirement ?? '–',
    visible(rule.title),
  ]);
  const head = ['rule', 'level', 'severity', 'requires', 'says'];
  const widths = head.map((title, at) =>
    Math.max(...[head, ...rows].map((row) => (row[at] ?? title).length)),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  ');
  return `${[head, ...rows].map((row) => visible(line(row))).join('\n')}\n`;
}

function renderMarkdown(rules: readonly CatalogueEntry[]): string {
  const rows = rules.map((rule) => [
    markdownCode(rule.id),
    levelOf(rule),
    rule.severity,
    markdown(rule.requirement ?? '–'),
    markdown(rule.title),
  ]);
  const sections = rules.map((rule) =>
    [
      `## ${markdownCode(rule.id)}`,
      `**${markdown(rule.title)}** · ${levelOf(rule)} · ${rule.severity} · ${markdown(rule.requirement ?? 'requirement not stated')}`,
      markdown(rule.description),
      `What to do: ${markdown(rule.remediation)}`,
      ...(rule.references.length === 0
        ? []
        : [rule.references.map((reference) => `- ${markdownLink(reference)}`).join('\n')]),
    ].join('\n\n'),
  );
  const head = table(['rule', 'level', 'severity', 'requires', 'says'], rows);
  return `${['# Rules', head, ...sections].join('\n\n')}\n`;
}

const renderJson = (rules: readonly CatalogueEntry[]): string => `${inert(JSON.stringify(rules, null, 2))}\n`;
