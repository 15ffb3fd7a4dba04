/** The server entries of `mcp.json` as its clients write them: VS Code, Claude Desktop, Claude Code, Cursor and their kin. */
import { z } from 'zod';

/** What a client does with an entry on its own side; it says nothing about the server. */
const CLIENT_ONLY = [
  'alwaysAllow',
  'auth',
  'autoApprove',
  'autoStart',
  'description',
  'dev',
  'disabled',
  'disabledTools',
  'enabled',
  'enabledTools',
  'gallery',
  'icon',
  'name',
  'oauth',
  'sandbox',
  'sandboxEnabled',
  'timeout',
  'tools',
  'trust',
  'version',
] as const;

const clientOnly = Object.fromEntries(CLIENT_ONLY.map((key) => [key, z.unknown().optional()]));

const setting = z.union([z.string(), z.number(), z.null()]);

export const entrySchema = z.strictObject({
  type: z.enum(['stdio', 'http', 'streamable-http', 'streamableHttp', 'sse']).optional(),
  command: z.string().min(1, { error: 'a non-empty string' }).optional(),
  args: z.array(z.string()).optional(),
  env: z.record(z.string(), setting).optional(),
  envFile: z.string().min(1, { error: 'a path' }).optional(),
  cwd: z.string().min(1, { error: 'a path' }).optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  ...clientOnly,
});

/** VS Code's list of what it asks the user for. Only the ids matter here. */
export const inputsSchema = z.array(z.looseObject({ id: z.string() }));
