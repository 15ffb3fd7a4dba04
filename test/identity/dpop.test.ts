import { describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, jwtVerify } from 'jose';
import { createProofKey, dpopPrincipals } from '../../src/identity/dpop.js';
import type { Principal } from '../../src/identity/principal.js';

const TOKEN = 'header.payload.signature';
const POST = { method: 'POST', url: 'http://127.0.0.1:4000/mcp' } as const;

async function cast(): Promise<{ by: (name: string) => Principal; own: string; other: string }> {
  const [own, other] = await Promise.all([createProofKey(), createProofKey()]);
  const principals = dpopPrincipals(TOKEN, { own, other }, { distinction: 'not' });
  const by = (name: string): Principal => {
    const found = principals.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  return { by, own: own.thumbprint, other: other.thumbprint };
}

/** RFC 9449, 4.3: the embedded key verifies the proof, and its thumbprint is the token's `cnf.jkt`. */
async function thumbprintOf(proof: string): Promise<string> {
  const { protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] });
  expect(protectedHeader.jwk).not.toHaveProperty('d');
  return calculateJwkThumbprint(protectedHeader.jwk ?? {});
}

describe('the DPoP variants of alice', () => {
  it('prove with the key of the token', async () => {
    const { by, own } = await cast();
    const headers = await by('alice-dpop').authorize(POST);
    expect(headers['Authorization']).toBe(`DPoP ${TOKEN}`);
    expect(await thumbprintOf(headers['DPoP'] ?? '')).toBe(own);
  });

  it('make a new proof for each request', async () => {
    const { by } = await cast();
    const ids = [await by('alice-dpop').authorize(POST), await by('alice-dpop').authorize(POST)].map(
      ({ DPoP }) => decodeJwt(DPoP ?? '').jti,
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('leave the proof out, under either scheme', async () => {
    const { by } = await cast();
    expect(await by('alice-dpop-no-proof').authorize(POST)).toEqual({ Authorization: `DPoP ${TOKEN}` });
    expect(await by('alice-dpop-as-bearer').authorize(POST)).toEqual({ Authorization: `Bearer ${TOKEN}` });
  });

  it('prove with another key, and are right in everything else', async () => {
    const { by, other } = await cast();
    const wrong = (await by('alice-dpop-other-key').authorize(POST))['DPoP'] ?? '';
    const right = (await by('alice-dpop').authorize(POST))['DPoP'] ?? '';
    const claims = (proof: string): object => {
      const { jti: _, iat: __, ...rest } = decodeJwt(proof);
      return rest;
    };
    expect(await thumbprintOf(wrong)).toBe(other);
    expect(claims(wrong)).toEqual(claims(right));
  });

  it('replay the last proof of the same method and URL', async () => {
    const { by } = await cast();
    await by('alice-dpop').authorize(POST);
    const last = await by('alice-dpop').authorize(POST);
    await by('alice-dpop').authorize({ ...POST, method: 'GET' });
    expect(await by('alice-dpop-replayed').authorize(POST)).toEqual(last);
  });

  it('put the last nonce they were told of into every proof', async () => {
    const { by } = await cast();
    const nonceOf = async (name: string, dpopNonce?: string): Promise<unknown> => {
      const request = dpopNonce === undefined ? POST : { ...POST, dpopNonce };
      return decodeJwt((await by(name).authorize(request))['DPoP'] ?? '')['nonce'];
    };
    expect([
      await nonceOf('alice-dpop'),
      await nonceOf('alice-dpop', 'n1'),
      await nonceOf('alice-dpop'),
      await nonceOf('alice-dpop-other-key'),
      await nonceOf('alice-dpop', 'n2'),
    ]).toEqual([undefined, 'n1', 'n1', 'n1', 'n2']);
  });

  it('refuse to call a fresh proof a replay', async () => {
    const { by } = await cast();
    await by('alice-dpop').authorize({ ...POST, method: 'GET' });
    await expect(by('alice-dpop-replayed').authorize(POST)).rejects.toThrow(
      'there is no proof to replay: alice-dpop must have sent a request with this method and URL before',
    );
  });
});
