/** Enough for a first try, where nothing was said: a coin, or ten thousand dollars. */
export const USUAL_CAPITAL = { inverse: '1', linear: '10000' } as const;
