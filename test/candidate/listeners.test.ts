import { describe, expect, it } from '@jest/globals';
import { reachableByLoopback, readAddress, readLsof } from '../../src/candidate/listeners.js';

describe('listening sockets', () => {
  it.each([
    ['0100007F', '127.0.0.1'],
    ['00000000', '0.0.0.0'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000001000000', '::1'],
    ['0000000000000000FFFF00000100007F', '::ffff:127.0.0.1'],
    ['B80D0120000000000000000001000000', '2001:db8::1'],
  ])('reads %s from /proc/net/tcp as %s', (hex, address) => {
    expect(readAddress(hex)).toBe(address);
  });

  it('reads the output of lsof', () => {
    expect(
      readLsof(
        'p12\nf7\ntIPv4\nn*:3000\nf8\ntIPv6\nn*:3001\nf9\ntIPv6\nn[::1]:3002\nf10\ntIPv4\nn127.0.0.1:3003\n',
      ),
    ).toEqual([
      { address: '0.0.0.0', port: 3000 },
      { address: '::', port: 3001 },
      { address: '::1', port: 3002 },
      { address: '127.0.0.1', port: 3003 },
    ]);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['0.0.0.0', true],
    ['::', true],
    ['::1', true],
    ['192.0.2.1', false],
    ['2001:db8::1', false],
  ])('knows whether loopback reaches %s', (address, reachable) => {
    expect(reachableByLoopback({ address, port: 1 })).toBe(reachable);
  });
});
