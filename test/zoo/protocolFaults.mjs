/** Faults of version negotiation: one or more for each rule of the area `protocol`. */
import {
  ALL,
  EVERYWHERE,
  LEGACY,
  LEGACY_ONLY,
  MODERN,
  MODERN_ONLY,
  NEGOTIATING,
  STREAMABLE,
} from './places.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */

/** @type {Fault[]} */
export const PROTOCOL_FAULTS = [
  {
    id: 'protocol/below-minimum',
    transports: EVERYWHERE,
    eras: LEGACY_ONLY,
    set: { legacyVersions: ['2024-11-05', '2025-03-26'] },
    fires: ['protocol/below-minimum'],
    why: 'Speaks only the two oldest revisions.',
  },
  {
    id: 'protocol/below-minimum',
    variant: 'first-revision',
    transports: EVERYWHERE,
    eras: LEGACY_ONLY,
    set: { legacyVersions: ['2024-11-05'] },
    fires: ['protocol/below-minimum'],
    why: 'Speaks only the first revision.',
  },
  {
    id: 'protocol/below-preferred',
    transports: EVERYWHERE,
    eras: LEGACY_ONLY,
    set: { legacyVersions: ['2025-06-18'] },
    fires: ['protocol/below-preferred'],
    why: 'Stopped at the minimum.',
  },
  {
    id: 'protocol/accepts-below-minimum',
    transports: EVERYWHERE,
    eras: LEGACY,
    set: { legacyVersions: ['2024-11-05', '2025-06-18', '2025-11-25'] },
    fires: ['protocol/accepts-below-minimum'],
    why: 'Can still be dragged down to the first revision, as servers on the SDKs can.',
  },
  {
    id: 'protocol/echoes-unknown-version',
    transports: EVERYWHERE,
    eras: LEGACY,
    set: { unknownVersion: 'echo' },
    fires: ['protocol/echoes-unknown-version'],
    why: 'Agrees to any revision, 2099-12-31 included.',
  },
  ...invalidNegotiations(),
  {
    id: 'protocol/unstable-negotiation',
    transports: NEGOTIATING,
    eras: ALL,
    set: { stability: 'capabilities' },
    fires: ['protocol/unstable-negotiation'],
    why: 'Offers other capabilities each time it is asked.',
  },
  {
    id: 'protocol/unstable-negotiation',
    variant: 'tools',
    transports: NEGOTIATING,
    eras: ALL,
    set: { stability: 'tools' },
    fires: ['protocol/unstable-negotiation'],
    why: 'Lists other tools each time it is asked.',
  },
  {
    id: 'protocol/unstable-negotiation',
    variant: 'server-info',
    transports: NEGOTIATING,
    eras: ALL,
    set: { stability: 'server-info' },
    fires: ['protocol/unstable-negotiation'],
    why: 'Gives another version of itself each time it is asked.',
  },
  {
    id: 'protocol/header-not-enforced',
    transports: STREAMABLE,
    eras: LEGACY,
    set: { versionHeader: 'ignored' },
    fires: ['protocol/header-not-enforced'],
    why: 'Serves a session whatever MCP-Protocol-Version says.',
  },
  ...discoverFaults(),
  ...modernErrors(),
  {
    id: 'protocol/claim-drift',
    transports: NEGOTIATING,
    eras: LEGACY_ONLY,
    set: {},
    manifest: { protocolVersions: ['2025-11-25', '2026-07-28'] },
    fires: ['protocol/claim-drift'],
    why: 'The manifest claims the modern revision, the server speaks legacy ones only.',
  },
  {
    id: 'protocol/claim-drift',
    variant: 'capability',
    transports: NEGOTIATING,
    eras: ALL,
    set: {},
    manifest: { capabilities: ['prompts'] },
    fires: ['protocol/claim-drift'],
    why: 'The manifest claims prompts, the server has none.',
  },
  {
    id: 'protocol/cloaking',
    transports: NEGOTIATING,
    eras: ALL,
    set: { clients: 'tools' },
    fires: ['protocol/cloaking'],
    why: 'Lists tools by the name of the client.',
  },
  {
    id: 'protocol/cloaking',
    variant: 'capabilities',
    transports: NEGOTIATING,
    eras: ALL,
    set: { clients: 'capabilities' },
    fires: ['protocol/cloaking'],
    why: 'Offers capabilities by the name of the client.',
  },
];

/** @returns {Fault[]} */
function invalidNegotiations() {
  const entry = { id: 'protocol/invalid-negotiation', eras: LEGACY, fires: ['protocol/invalid-negotiation'] };
  return [
    {
      ...entry,
      variant: 'silence',
      transports: EVERYWHERE,
      set: { unknownVersion: 'silence' },
      why: 'Never answers an initialize that asks for a revision it does not know.',
    },
    {
      ...entry,
      variant: 'http-400-on-newer',
      transports: STREAMABLE,
      set: { unknownVersion: 'http-400-when-newer' },
      why: 'Answers HTTP 400 to a newer client instead of offering what it speaks.',
    },
    {
      ...entry,
      variant: 'wrong-type',
      transports: EVERYWHERE,
      set: { unknownVersion: 'number' },
      why: 'Offers a number as a revision.',
    },
    {
      ...entry,
      variant: 'unpublished-version',
      transports: EVERYWHERE,
      set: { unknownVersion: 'unpublished' },
      why: 'Offers a revision that was never published.',
    },
  ];
}

/** @returns {Fault[]} */
function discoverFaults() {
  const entry = {
    id: 'protocol/discover-inconsistent',
    transports: NEGOTIATING,
    eras: MODERN,
    fires: ['protocol/discover-inconsistent'],
  };
  return [
    { ...entry, set: { discover: 'omits-served' }, why: 'Does not list the revision it serves.' },
    { ...entry, variant: 'missing', set: { discover: 'missing' }, why: 'Has no server/discover.' },
  ];
}

/** One broken rule of 2026-07-28 each. @returns {Fault[]} */
function modernErrors() {
  /** @type {[string, Fault['transports'], Fault['eras'], string][]} */
  const rules = [
    [
      'version-header-mismatch',
      STREAMABLE,
      MODERN,
      'Serves a request whose version header and _meta disagree.',
    ],
    ['version-header-missing', STREAMABLE, MODERN, 'Serves a request without MCP-Protocol-Version.'],
    ['method-header-missing', STREAMABLE, MODERN, 'Serves a request without Mcp-Method.'],
    ['method-header-wrong', STREAMABLE, MODERN, 'Serves a request whose Mcp-Method names another method.'],
    ['name-header-missing', STREAMABLE, MODERN, 'Serves a call without Mcp-Name.'],
    ['name-header-wrong', STREAMABLE, MODERN, 'Serves a call whose Mcp-Name names another tool.'],
    ['header-mismatch-status', STREAMABLE, MODERN, 'Answers a header mismatch with HTTP 200.'],
    ['unknown-method', NEGOTIATING, MODERN, 'Answers an unknown method with an internal error.'],
    ['unknown-method-status', STREAMABLE, MODERN, 'Answers an unknown method with HTTP 200.'],
    ['unsupported-version', NEGOTIATING, MODERN, 'Answers an unknown revision with another error code.'],
    ['unsupported-version-without-list', NEGOTIATING, MODERN, 'Does not say which revisions it speaks.'],
    ['unsupported-version-status', STREAMABLE, MODERN, 'Answers an unknown revision with HTTP 200.'],
    ['meta-missing', STREAMABLE, MODERN, 'Serves a request without the metadata every request must carry.'],
    ['get', STREAMABLE, MODERN_ONLY, 'Answers GET with a stream.'],
    ['delete', STREAMABLE, MODERN_ONLY, 'Answers DELETE as if there were sessions.'],
    ['session-header-echoed', STREAMABLE, MODERN, 'Echoes an Mcp-Session-Id.'],
  ];
  return rules.map(([modernRule, transports, eras, why]) => ({
    id: 'protocol/modern-errors',
    variant: modernRule,
    transports,
    eras,
    set: { modernRule },
    fires: ['protocol/modern-errors'],
    why,
  }));
}
