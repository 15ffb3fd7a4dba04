/** The published MCP revisions, oldest first, and the two eras they fall into. */

/** Revisions with an `initialize` handshake. Source: 2026-07-28 basic/versioning, "Terminology". */
export const LEGACY_REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const;

/** Revisions with per-request metadata and no handshake. */
export const MODERN_REVISIONS = ['2026-07-28'] as const;

export const KNOWN_REVISIONS = [...LEGACY_REVISIONS, ...MODERN_REVISIONS] as const;

export type LegacyRevision = (typeof LEGACY_REVISIONS)[number];
export type ModernRevision = (typeof MODERN_REVISIONS)[number];
export type Era = 'legacy' | 'modern';

/** True when `revision` is one that was published. */
export function isKnownRevision(revision: string): boolean {
  return (KNOWN_REVISIONS as readonly string[]).includes(revision);
}

/** The era of a published revision; null for any other string. */
export function eraOf(revision: string): Era | null {
  if ((LEGACY_REVISIONS as readonly string[]).includes(revision)) return 'legacy';
  return (MODERN_REVISIONS as readonly string[]).includes(revision) ? 'modern' : null;
}
