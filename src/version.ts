/** The version of the gate, put in by the build from package.json. */
export const VERSION: string =
  (globalThis as { MCP_GATE_VERSION?: string }).MCP_GATE_VERSION ?? '0.0.0-source';
