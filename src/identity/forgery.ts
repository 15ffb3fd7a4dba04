/** Forgeries of a token whose issuer is not the gate's: what anybody could make who has seen it. */
import type { PrincipalName } from './cast.js';
import { readToken, standingOfToken } from './claims.js';
import { forgedTokens } from './defects.js';
import { type OpenForeignIssuer, openForeignIssuer } from './foreign.js';
import { createSigningKey } from './keys.js';
import { bearer, type Principal, unavailable } from './principal.js';

const FORGEABLE = ['bad-signature', 'foreign-issuer', 'alg-none', 'hs256-public-key'] as const;
const ISSUER_ONLY = [
  'wrong-audience',
  'sibling-audience',
  'audience-list',
  'missing-audience',
  'wrong-issuer',
  'expired',
  'not-yet-valid',
] as const;

export interface Forgery {
  /** The defective part of the cast after alice's token; `publicPem` is the RSA key that verifies it, if known. */
  principals(alice: string, publicPem: string | null): Promise<readonly Principal[]>;
  /** Closes the foreign issuer that the forgeries name. Idempotent. */
  close(): Promise<void>;
}

export function forgeFrom(mask: (secret: string) => void): Forgery {
  let foreign: Promise<OpenForeignIssuer> | null = null;

  return {
    async principals(token, publicPem) {
      const alice = readToken(token);
      const issuerOnly = ISSUER_ONLY.map((name) =>
        unavailable(name, "it takes the issuer's own key to make one"),
      );
      if (alice === null) {
        const opaque = 'the token is opaque, so there are no claims and no signature to forge';
        return [...issuerOnly, ...FORGEABLE.map((name) => unavailable(name, opaque))];
      }
      foreign ??= openForeignIssuer(() => []);
      const other = await foreign;
      // The foreign issuer's key is a stranger to every other issuer, so it serves where the algorithm is the same.
      const stranger =
        alice.header.alg === other.key.algorithm
          ? other.key
          : await createSigningKey(alice.header.alg).catch(() => null);
      const tokens =
        stranger === null
          ? new Map<PrincipalName, string>()
          : await forgedTokens(alice, { stranger, foreign: other, publicPem });
      const standing = standingOfToken(token);
      const forged = FORGEABLE.map((name) => {
        const made = tokens.get(name);
        if (made === undefined) return unavailable(name, reasonWithout(name));
        mask(made);
        return bearer(name, made, { standing, distinction: 'not' });
      });
      return [...issuerOnly, ...forged];
    },
    close: async () => {
      await foreign?.then(
        (open) => open.close(),
        () => {},
      );
    },
  };
}

function reasonWithout(name: (typeof FORGEABLE)[number]): string {
  if (name === 'hs256-public-key') return "the issuer's public RSA key is not known";
  return 'the token is signed with an algorithm of shared secrets, so no key can pass for it';
}
