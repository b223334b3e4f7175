import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/cli/progress-pace.ts';

describe('the pace of a sweep', () => {
  it('says nothing before a point is done, and counts from where it was resumed', () => {
    let ms = 0;
    const pace = new Pace(1_000, () => ms);
    ms = 900;
    expect(pace.text({ done: 1_000, total: 2_000 })).toBe('starting');
    ms = 2_000;
    expect(pace.text({ done: 1_100, total: 2_000 })).toBe('50 points/s, 18 s left');
  });

  it('follows what was done lately, and ends with the whole', () => {
    let ms = 0;
    const pace = new Pace(0, () => ms);
    // A hundred seconds at 10 points a second, then at 100.
    for (; ms <= 100_000; ms += 200) pace.text({ done: ms / 100, total: 11_000 });
    let text = '';
    for (; ms <= 130_000; ms += 200) text = pace.text({ done: 1_000 + (ms - 100_000) / 10, total: 11_000 });
    expect(text).toBe('100 points/s, 70 s left');
    ms = 200_000;
    expect(pace.text({ done: 11_000, total: 11_000 })).toBe('55 points/s, in 3 min');
  });
});
