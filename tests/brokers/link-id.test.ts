import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatLinkId,
  LINK_ID_MAX_LENGTH,
  orderIdOf,
  parseLinkId,
} from '../../src/brokers/bybit/wire/link-id.ts';
import { keyOfOrder } from '../../src/engine/order-id.ts';

const linkId = fc.record({
  deployment: fc.stringMatching(/^[A-Za-z0-9_]{6}$/),
  slot: fc.nat({ max: 999 }),
  cycle: fc.nat({ max: 9_999_999 }),
  role: fc.nat({ max: 3 }),
  attempt: fc.nat({ max: 9_999_999 }),
});

describe('order link ids', () => {
  it('parse back to what they were made of', () => {
    fc.assert(
      fc.property(linkId, (id) => {
        expect(parseLinkId(formatLinkId(id))).toEqual(id);
      }),
    );
  });

  it('keep to the length and the characters that Bybit allows', () => {
    fc.assert(
      fc.property(linkId, (id) => {
        const text = formatLinkId(id);
        expect(text.length).toBeLessThanOrEqual(LINK_ID_MAX_LENGTH);
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
      }),
    );
  });

  it('are ours only if writing them again gives the same text', () => {
    const near = fc.stringMatching(
      /^ls-[a-z0-9]{5,7}-\d{1,3}-\d{1,3}-(entry|exit|stop|x)-\d{1,3}$/,
    );
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        const id = parseLinkId(text);
        if (id !== undefined) expect(formatLinkId(id)).toBe(text);
      }),
      { numRuns: 500 },
    );
    expect(parseLinkId('ls-demo01-1-07-entry-3')).toBeUndefined();
    expect(parseLinkId('ls-demo01-1-7-entry-3x')).toBeUndefined();
    expect(parseLinkId('')).toBeUndefined();
  });

  it('are never cut to fit', () => {
    const id = { deployment: 'demo01', slot: 1, cycle: 123_456_789, role: 0, attempt: 123_456_789 };
    expect(() => formatLinkId(id)).toThrow(/37 characters/);
    expect(() => formatLinkId({ ...id, deployment: 'a-b', cycle: 1 })).toThrow(/order link id/);
    expect(() => formatLinkId({ ...id, cycle: 1, slot: -1 })).toThrow(/order link id/);
    expect(() => formatLinkId({ ...id, cycle: 1, role: 4 })).toThrow(/role 4/);
  });

  it("carry the engine's order id", () => {
    fc.assert(
      fc.property(linkId, fc.integer({ min: 4000, max: 8000 }), (id, keyCount) => {
        const orderId = orderIdOf(id, keyCount);
        expect(keyOfOrder(orderId, keyCount)).toBe(id.slot * 4 + id.role);
        expect(Math.floor(orderId / keyCount)).toBe(id.attempt);
      }),
    );
  });
});
