/** What the tests of requests to GitHub share: a client whose seconds are short, and the place of the run. */
import type { Client, Patience } from '../../src/github/client.js';
import type { Place } from '../../src/github/place.js';
import type { Annotation, AnnotationLevel } from '../../src/report/annotations.js';
import { type GitHub, HEAD, REPOSITORY, TOKEN } from './openapi.js';

// The library chooses a proxy for this address when it is loaded; there is none for loopback.
process.env['GITHUB_API_URL'] = 'http://127.0.0.1';
const { connect } = await import('../../src/github/client.js');

export const PATIENCE: Patience = { requestMs: 5_000, totalMs: 20_000, retries: 2, secondMs: 10 };

export function clientFor({ url }: GitHub, patience: Partial<Patience> = {}, said: string[] = []): Client {
  return connect({
    token: TOKEN,
    baseUrl: url,
    say: (message) => said.push(message),
    patience: { ...PATIENCE, ...patience },
  });
}

export { connect };

export const NAME = 'MCP deploy gate';

export function place({ url }: GitHub): Place {
  return {
    ...REPOSITORY,
    apiUrl: url,
    headSha: HEAD,
    runUrl: 'https://github.example/acme/billing/actions/runs/7/attempts/1',
    externalId: '7/1/gate/step/nonce',
  };
}

export function annotation(changes: Partial<Annotation> = {}): Annotation {
  return {
    level: 'error',
    title: 'The Origin header is not validated',
    message: 'A foreign origin was served.',
    file: 'deploy/mcp-gate.yaml',
    startLine: 9,
    startColumn: 3,
    ...changes,
  };
}

/** Numbered, so that a missing or repeated one shows. */
export function manyAnnotations(number: number, level: AnnotationLevel = 'error'): Annotation[] {
  return Array.from({ length: number }, (_none, index) =>
    annotation({ level, title: `finding ${index + 1}`, startLine: index + 1 }),
  );
}
