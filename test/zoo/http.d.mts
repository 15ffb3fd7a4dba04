import type { Era } from './faults.mjs';
import type { Switches } from './switches.mjs';

/** The issuer to trust; without one everybody is anonymous. */
export interface Oauth {
  readonly issuer: string;
  readonly jwksUri: string;
  /** Audience of the tokens, and `resource` of the metadata. */
  readonly audience: string;
}

/** The issuer to trust; without one everybody is anonymous. */
export interface Oauth {
  readonly issuer: string;
  readonly jwksUri: string;
  /** Audience of the tokens, and `resource` of the metadata. */
  readonly audience: string;
}

/** Serves inside this process; port 0 takes a free one. */
export function serveOverHttp(
  options: { transport: 'streamable-http' | 'sse'; era: Era; port: number; oauth?: Oauth | null },
  switches: Switches,
): Promise<{ port: number; close: () => void }>;
