/** The known name a person most likely meant; undefined when none is close. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const wanted = plain(given);
  const ranked = known
    .map((name) => ({ name, distance: editDistance(wanted, plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best === undefined) return undefined;
  return best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : undefined;
}

/** "; did you mean X?" or a list of everything there is. */
export function hintOf(given: string, known: readonly string[]): string {
  const near = nearestName(given, known);
  return near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
}

/** halfSpread, half_spread and half-spread are one mistake away from nothing. */
function plain(name: string): string {
  return name.slice(0, 64).toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
