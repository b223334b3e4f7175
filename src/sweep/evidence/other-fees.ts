import { Instrument } from '../../engine/instrument.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { decimalDigits } from '../../engine/rational.ts';
import type { PreparedRun } from '../prepared-run.ts';

/** Digits of a changed rate: a factor of three digits leaves nothing to round. */
const MOST_DIGITS = 15;

/** The same run where trading costs more: fees times the factor, rebates divided by it. */
export function withFees(prepared: PreparedRun, factor: number): PreparedRun {
  if (factor === 1) return prepared;
  const { instrumentSpec } = prepared;
  const spec = {
    ...instrumentSpec,
    takerFeeRate: scaledRate(instrumentSpec.takerFeeRate, factor),
    makerFeeRate: scaledRate(instrumentSpec.makerFeeRate, factor),
  };
  return { ...prepared, instrument: new Instrument(spec), instrumentSpec: spec };
}

/** A decimal rate as it would be, a plain decimal again. */
export function scaledRate(rate: string, factor: number): string {
  if (!(factor >= 1)) throw new InvariantError(`fees times ${factor}: expected 1 or more`);
  const scaled = Number(rate) > 0 ? Number(rate) * factor : Number(rate) / factor;
  const digits = Math.min(MOST_DIGITS, decimalDigits(rate) + 3);
  return scaled.toFixed(digits);
}
