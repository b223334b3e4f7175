import type { Belief, Bot, BotMaker, Started } from '../../src/laboratory/bot.ts';

const BELIEF: Belief = {
  positionSteps: 0,
  cashMoney: 0,
  entryMoney: 0,
  unknownOrders: 0,
  isTrading: true,
  says: 'idle',
  slotSteps: () => 0,
  knowsOrder: () => true,
};

export const IDLE: Bot = {
  effects: [],
  belief: BELIEF,
  handle: () => undefined,
  digest: () => 'idle',
  describe: () => 'idle',
};

/** A bot that does nothing: safe in every way, and of no use. */
export function idleBot(): BotMaker {
  return {
    start: started,
    foldWhole: started,
    foreignJournal: () => new Uint8Array(),
  };
}

function started(journal: Uint8Array): Started {
  return { ok: true, bot: make(), wholeLength: journal.length };
}

function make(): Bot {
  return { ...IDLE, effects: [] };
}
