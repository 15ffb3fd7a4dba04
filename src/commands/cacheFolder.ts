/** Where compiled policies may be kept between runs. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Policies are cached by content, so sharing the folder between runs is safe. */
export function policyCacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env['RUNNER_TEMP'] ?? env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(base, 'mcp-deploy-gate');
}
