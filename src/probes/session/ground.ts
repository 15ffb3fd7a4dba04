/** What is known before anything is attacked: who owns, what is served to whom, and what every control can rely on. */
import type { PrincipalFacts } from '../../facts/session.js';
import type { Principal as Sender } from '../../wire/exchange.js';
import type { Intruder } from '../cast.js';
import type { Lab } from '../lab.js';
import type { ProbeContext } from '../probe.js';
import type { NamedTool } from '../tools.js';

/** How the legacy era is spoken with this candidate. */
export interface Legacy {
  readonly revision: string;
  /** The harmless request of all controls. */
  readonly method: 'tools/list' | 'ping';
  /** Where the session id travels; null when none is issued. */
  readonly carrier: 'header' | 'query' | null;
  /** GET opens a stream for the owner. */
  readonly offersStream: boolean;
  /** The owner's GET is neither refused nor answered before there is an event: then such a silence is no refusal of others. */
  readonly lateHead: boolean;
  /** A tool named by the manifest that works for the owner, or null. */
  readonly tool: NamedTool | null;
}

/** How the modern era is spoken with it. */
export interface Modern {
  readonly version: string;
  /** The harmless request of all controls. */
  readonly method: string;
  readonly tool: NamedTool | null;
}

export interface Ground {
  readonly context: ProbeContext;
  readonly lab: Lab;
  readonly owner: Sender;
  readonly authenticated: boolean;
  readonly legacy: Legacy | null;
  readonly modern: Modern | null;
  readonly intruders: readonly Intruder[];
  /** What each of them gets in a session of their own. */
  readonly own: ReadonlyMap<string, OwnAccess>;
  /** How long an answer to an attack is waited for; a multiple of what the owner's answers took. */
  readonly patienceMs: number;
}

/** The ground where the legacy era is spoken. */
export type LegacyGround = Ground & { readonly legacy: Legacy };

export interface OwnAccess extends Pick<PrincipalFacts, 'ownRequest' | 'ownCall' | 'evidence'> {
  readonly initialize: PrincipalFacts['ownRequest'];
  readonly sessionIssued: boolean;
  readonly httpStatus: number | null;
  /** Whom the tool of whoami named; null where there is none or it did not tell. Never leaves the probe. */
  readonly name: string | null;
}
