/** The audit log: one JSON object a line for each elicitation a candidate would have put before a user. Names follow OpenTelemetry's conventions for MCP where they exist. */
import type { ElicitationRequest } from '../facts/elicitation.js';
import { cap, json } from './escape.js';
import type { Report, ReportFinding, ServerReport } from './report.js';

/** Longest text of one member, in UTF-16 units: a URL is kept whole in any case a browser would take. */
const TEXT_LIMIT = 8_192;

const RANK = { deny: 0, warn: 1, notice: 2 } as const;

/**
 * Every elicitation of the run in the order it was seen, server by server; empty when there was none.
 * Source: OpenTelemetry semantic conventions for generative AI, "MCP" (`mcp.*`, `jsonrpc.*`, `gen_ai.*`, `network.*`),
 * and for URLs (`url.*`); what has no name there begins with `mcp_gate.`.
 */
export function renderAuditLog(report: Report): string {
  return report.servers
    .flatMap((server) => (server.facts?.elicitation?.requests ?? []).map((request) => entry(server, request)))
    .map((line) => `${json(JSON.stringify(line))}\n`)
    .join('');
}

function entry(server: ServerReport, request: ElicitationRequest): Readonly<Record<string, unknown>> {
  const findings = findingsOf(server, request);
  return {
    timestamp: timeOf(server, request),
    'event.name': 'mcp_gate.elicitation',
    'mcp_gate.server.name': cap(server.name, TEXT_LIMIT),
    'mcp_gate.elicitation.id': request.id,
    'mcp.method.name': 'elicitation/create',
    'mcp.protocol.version': request.revision,
    'network.transport': server.facts?.candidate.transport === 'stdio' ? 'pipe' : 'tcp',
    'mcp_gate.session.hash': request.sessionHash,
    'jsonrpc.request.id': request.requestId,
    'mcp_gate.call.id': request.callId,
    'gen_ai.tool.name': cap(request.tool, TEXT_LIMIT),
    'mcp_gate.task.hash': request.taskId,
    'mcp_gate.principal': request.principal,
    'mcp_gate.elicitation.channel': request.channel,
    'mcp_gate.elicitation.mode': request.mode,
    'mcp_gate.elicitation.message': cap(request.message.text, TEXT_LIMIT),
    'url.full': request.url === null ? null : cap(request.url.text, TEXT_LIMIT),
    'mcp_gate.url.origin': request.url?.origin ?? null,
    'mcp_gate.decision': decisionOf(findings),
    'mcp_gate.rules': [...new Set(findings.map(({ rule }) => rule))],
    'mcp_gate.evidence': [...request.evidence],
  };
}

/** The only clock is the start of the run; what follows is counted from there. */
function timeOf(server: ServerReport, { atMs }: ElicitationRequest): string | null {
  const start = server.facts?.gate.startedAtMs;
  return start === undefined ? null : new Date(start + atMs).toISOString();
}

/** Findings that name this elicitation, the worst first. */
function findingsOf(server: ServerReport, request: ElicitationRequest): readonly ReportFinding[] {
  return server.findings
    .filter(({ evidence }) => evidence.includes(request.id))
    .sort((a, b) => RANK[a.level] - RANK[b.level]);
}

/** What became of it: the worst level that no waiver covers; "waived" when one covers all. */
function decisionOf(findings: readonly ReportFinding[]): string {
  if (findings.length === 0) return 'allow';
  return findings.find(({ waiver }) => waiver === null)?.level ?? 'waived';
}
