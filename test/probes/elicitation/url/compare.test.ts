import { describe, expect, it } from '@jest/globals';
import { compareUrls } from '../../../../src/probes/elicitation/url/compare.js';

const A = 'h2KXvhUxKBwzC9tZ0cN1WlYr4eJq7sGd';
const B = 'Qw8Zr5TnV2bLk9XpY4mJc7HdS3gFa6Eu';
const CLIENT = 'client_id=6731de76-14a6-49ae-97bc-6eba6914391e';

describe('the URLs of two users', () => {
  it('are told apart by a state of their own', () => {
    expect(
      compareUrls(
        `https://a.example/authorize?${CLIENT}&state=${A}`,
        `https://a.example/authorize?${CLIENT}&state=${B}`,
      ),
    ).toEqual({ sameUrl: false, sharedState: [], stateParameters: 1, stateBits: 191 });
  });

  it('are the same when only their spelling differs', () => {
    expect(compareUrls('https://A.example:443/connect', 'https://a.example/connect')).toEqual({
      sameUrl: true,
      sharedState: [],
      stateParameters: 0,
      stateBits: null,
    });
  });

  it('share a state that only their rest tells apart', () => {
    expect(
      compareUrls(`https://a.example/connect?state=${A}&n=1`, `https://a.example/connect?state=${A}&n=2`),
    ).toMatchObject({ sameUrl: false, sharedState: ['state'], stateParameters: 1 });
  });

  it('share one of two states', () => {
    expect(
      compareUrls(`https://a.example/?state=${A}&nonce=${A}`, `https://a.example/?state=${B}&nonce=${A}`),
    ).toMatchObject({ sharedState: ['nonce'], stateParameters: 2 });
  });

  it.each([
    ['the price of a plan', 'plan=price_1NkXYZ4aB7cD9eF2gH5jK8mN'],
    ['what a library says of itself', 'auth0Client=eyJuYW1lIjoiYXV0aDAuanMiLCJ2ZXJzaW9uIjoiOS4yNC4xIn0'],
    ['the name of a flow', 'flow=connect-account'],
  ])('share no state in %s, where another parameter tells them apart', (_what, constant) => {
    expect(
      compareUrls(
        `https://a.example/start?${constant}&state=${A}`,
        `https://a.example/start?${constant}&state=${B}`,
      ),
    ).toEqual({ sameUrl: false, sharedState: [], stateParameters: 1, stateBits: 191 });
  });

  it('share no state in the address of a document, where another parameter tells them apart', () => {
    expect(
      compareUrls(
        `https://a.example/forms/${A}/view?ref=${A}${B}`,
        `https://a.example/forms/${A}/view?ref=${B}${A}`,
      ),
    ).toMatchObject({ sharedState: [], stateParameters: 1 });
  });

  it.each([
    ['called state, though it is a word', 'state=connect', `nonce=${A}`, `nonce=${B}`, 'state'],
    ['called a session', `session=${A}`, `state=${A}`, `state=${B}`, 'session'],
    ['random, and all there is', `ref=${A}`, 'page=1', 'page=2', 'ref'],
  ])('share what is %s', (_what, shared, own, others, name) => {
    expect(
      compareUrls(`https://a.example/?${shared}&${own}`, `https://a.example/?${shared}&${others}`),
    ).toMatchObject({ sharedState: [name] });
  });

  it('show a state that can be guessed beside something random that is the same for all', () => {
    expect(
      compareUrls(`https://a.example/?plan=${A}&state=1001`, `https://a.example/?plan=${A}&state=1002`),
    ).toEqual({ sameUrl: false, sharedState: [], stateParameters: 1, stateBits: 9 });
  });

  it('find state in the path, where no authorization request is', () => {
    expect(compareUrls(`https://a.example/connect/${A}`, `https://a.example/connect/${B}`)).toEqual({
      sameUrl: false,
      sharedState: [],
      stateParameters: 1,
      stateBits: 191,
    });
  });

  it('show a state that can be guessed', () => {
    expect(compareUrls('https://a.example/?state=1001', 'https://a.example/?state=1002')).toMatchObject({
      sharedState: [],
      stateParameters: 1,
      stateBits: 9,
    });
  });

  it('never are an error, whatever they are', () => {
    expect(compareUrls('', '')).toEqual({
      sameUrl: true,
      sharedState: [],
      stateParameters: 0,
      stateBits: null,
    });
    expect(compareUrls('x', `https://${'a'.repeat(1_000_000)}`).sameUrl).toBe(false);
    const long = `https://a.example/${'a'.repeat(40_000)}`;
    expect(compareUrls(`${long}1`, `${long}2`).sameUrl).toBe(false);
  });
});
