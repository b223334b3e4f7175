/**
 * Inverse of the standard normal distribution function, by P. J. Acklam's rational approximation
 * (relative error below 1.2e-9).
 */
export function inverseNormal(probability: number): number {
  if (!(probability > 0 && probability < 1)) return NaN;
  const tail = Math.min(probability, 1 - probability);
  const value = tail < 0.02425 ? tailValue(tail) : centreValue(probability);
  return tail < 0.02425 && probability > 0.5 ? -value : value;
}

function tailValue(tail: number): number {
  const q = Math.sqrt(-2 * Math.log(tail));
  const c = [-7.784894002430293e-3, -0.3223964580411365, -2.400758277161838,
    -2.549732539343734, 4.374664141464968, 2.938163982698783];
  const d = [7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  return polynomial(c, q) / polynomial(d, q);
}

function centreValue(probability: number): number {
  const q = probability - 0.5;
  const a = [-39.69683028665376, 220.9460984245205, -275.9285104469687,
    138.3577518672690, -30.66479806614716, 2.506628277459239];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866,
    66.80131188771972, -13.28068155288572, 1];
  return (polynomial(a, q * q) * q) / polynomial(b, q * q);
}

/** Horner; highest power first. */
function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}
