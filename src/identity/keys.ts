/** Keys that sign tokens: made for one run, never written anywhere. */
import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK } from 'jose';

/** RS256, which every resource server can verify, and whose public key can be mistaken for a secret. */
export const SIGNING_ALGORITHM = 'RS256';

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
  readonly publicPem: string;
}

/** A fresh key for an asymmetric JWS algorithm; rejects for any other. RSA keys have 2048 bits. */
export async function createSigningKey(algorithm: string = SIGNING_ALGORITHM): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const kid = randomUUID();
  const described = { kid, alg: algorithm, use: 'sig' };
  return {
    kid,
    algorithm,
    privateKey,
    privateJwk: { ...(await exportJWK(privateKey)), ...described },
    publicJwk: { ...(await exportJWK(publicKey)), ...described },
    publicPem: await pemOf(publicKey),
  };
}

/** The text of a public key as it stands in a file: verifiers that mistake it for a secret have the last line break too. */
export async function pemOf(publicKey: CryptoKey): Promise<string> {
  return `${(await exportSPKI(publicKey)).trimEnd()}\n`;
}
