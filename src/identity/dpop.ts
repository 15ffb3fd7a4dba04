/** DPoP (RFC 9449): proofs for requests, and alice's variants that a server must tell apart. */
import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type AuthorizableRequest, type Particulars, type Principal, principal } from './principal.js';
import { IdentityProblem } from './problem.js';

const PROOF_ALGORITHM = 'ES256';

export interface ProofRequest extends AuthorizableRequest {
  /** The token the proof is sent along with; left out at the token endpoint. */
  readonly accessToken?: string;
}

export interface ProofKey {
  /** RFC 7638 thumbprint, as it stands in `cnf.jkt` of a token bound to this key. */
  readonly thumbprint: string;
  /** A proof with its own `jti` and time (RFC 9449, 4.2). */
  prove(request: ProofRequest): Promise<string>;
}

export async function createProofKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair(PROOF_ALGORITHM);
  const jwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    prove: ({ method, url, accessToken, dpopNonce }) =>
      new SignJWT({
        jti: randomUUID(),
        htm: method,
        htu: targetUri(url),
        ...(accessToken === undefined
          ? {}
          : { ath: createHash('sha256').update(accessToken).digest('base64url') }),
        ...(dpopNonce === undefined ? {} : { nonce: dpopNonce }),
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: PROOF_ALGORITHM, jwk })
        .setIssuedAt()
        .sign(privateKey),
  };
}

/** alice-dpop and the four ways to use her token without being her. */
export function dpopPrincipals(
  token: string,
  { own, other }: { readonly own: ProofKey; readonly other: ProofKey },
  particulars: Particulars,
): readonly Principal[] {
  const used = new Map<string, string>();
  let lastNonce: string | undefined;
  const withProof = (proof: string) => ({ Authorization: `DPoP ${token}`, DPoP: proof });
  // A nonce is good for more than one request, and the server's latest is the one to use (RFC 9449, 8.2).
  const proofBy = (key: ProofKey, request: AuthorizableRequest): Promise<string> => {
    lastNonce = request.dpopNonce ?? lastNonce;
    const nonce = lastNonce === undefined ? {} : { dpopNonce: lastNonce };
    return key.prove({ ...request, ...nonce, accessToken: token });
  };

  return [
    principal('alice-dpop', particulars, async (request) => {
      const proof = await proofBy(own, request);
      used.set(target(request), proof);
      return withProof(proof);
    }),
    principal('alice-dpop-no-proof', particulars, async () => ({ Authorization: `DPoP ${token}` })),
    principal('alice-dpop-as-bearer', particulars, async () => ({ Authorization: `Bearer ${token}` })),
    principal('alice-dpop-other-key', particulars, async (request) =>
      withProof(await proofBy(other, request)),
    ),
    principal('alice-dpop-replayed', particulars, async (request) => {
      const proof = used.get(target(request));
      if (proof !== undefined) return withProof(proof);
      throw new IdentityProblem(
        'there is no proof to replay: alice-dpop must have sent a request with this method and URL before',
      );
    }),
  ];
}

/** RFC 9449, 4.2: the URI of the request without query and fragment. */
function targetUri(url: string): string {
  const parsed = new URL(url);
  parsed.search = '';
  parsed.hash = '';
  return parsed.href;
}

function target({ method, url }: AuthorizableRequest): string {
  return `${method} ${targetUri(url)}`;
}
