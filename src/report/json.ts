/** The JSON report: checked against its schema before it leaves, and the same bytes for the same content. */
import { z } from 'zod';
import { json } from './escape.js';
import { compareFindings } from './order.js';
import { type Report, report as reportSchema, type ServerReport } from './report.js';

/**
 * The report as JSON text, two blanks deep, ending with a line break. Keys come in the order of the schema (free-form
 * parts: sorted), findings worst first. Nothing is cut; acting characters are written as `\uXXXX`.
 * @throws Error when the report does not match its schema, which is a fault of the gate itself.
 */
export function renderJson(report: Report): string {
  const checked = reportSchema.safeParse(report);
  if (!checked.success) {
    throw new Error(
      `The report does not match its schema, a fault of the gate: ${z.prettifyError(checked.error)}`,
    );
  }
  const stable = { ...checked.data, servers: checked.data.servers.map(stableServer) };
  return `${json(JSON.stringify(stable, null, 2))}\n`;
}

/** JSON Schema (draft 7) of the report, for `schema/report.schema.json`. */
export function reportJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(reportSchema, { target: 'draft-7' }),
    title: 'mcp-gate report',
    description: 'What one run of mcp-gate found. Written by `--report` and `--json`.',
  };
}

function stableServer(server: ServerReport): ServerReport {
  return {
    ...server,
    findings: server.findings
      .map((finding) => ({ server: server.name, finding }))
      .sort(compareFindings)
      .map(({ finding }) => finding),
    facts: server.facts === null ? null : stableFacts(server.facts),
    transcript: server.transcript.map(sortedRecord),
  };
}

function stableFacts(facts: NonNullable<ServerReport['facts']>): NonNullable<ServerReport['facts']> {
  const labels = Object.entries(facts.candidate.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...facts,
    manifest: sortedRecord(facts.manifest),
    candidate: { ...facts.candidate, labels: Object.fromEntries(labels) },
  };
}

function sortedRecord(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, sorted(record[key])]),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return sortedRecord(value as Record<string, unknown>);
}
