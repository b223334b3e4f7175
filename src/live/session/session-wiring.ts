import { CommandSink } from '../../engine/commands.ts';
import { Engine } from '../../engine/engine.ts';
import type { EngineEvent } from '../../engine/events.ts';
import { Answers } from './answers.ts';
import { canonical } from './canonical.ts';
import { CatchUp } from './catch-up.ts';
import { CommandDesk } from './command-desk.ts';
import { EngineFeed } from './engine-feed.ts';
import { FramesIn } from './frames-in.ts';
import { JournalWriter } from './journal-writer.ts';
import { LinkBook } from './link-book.ts';
import type { SessionOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { PositionCheck } from './position-check.ts';
import type { AlarmCode, Effect } from './protocol.ts';
import { Quarantine } from './quarantine.ts';
import { RecordsIn } from './records-in.ts';
import type { SavedFields, SessionParts } from './saved-session.ts';
import { Stream } from './stream.ts';

/** A session's parts, each knowing those that it needs. */
export type SessionWiring = SessionParts & {
  readonly journal: JournalWriter;
  readonly records: RecordsIn;
  readonly frames: FramesIn;
  readonly answers: Answers;
  readonly alarm: (code: AlarmCode, text: string) => void;
};

type Base = Omit<
  SessionWiring,
  'feed' | 'records' | 'frames' | 'answers' | 'executions' | 'position' | 'quarantine'
>;

export function wireSession(options: SessionOptions, effects: Effect[]): SessionWiring {
  const { setup, instrument } = options;
  const sink = new CommandSink();
  const base = wireBase(options, effects, sink);
  const { engine, outbox, links, journal, catchUp, privateStream, publicStream, alarm } = base;
  const feed = new EngineFeed(engine, setup.watchesPrice, () => commands.carryOut(feed.nowMs));
  const tell = (event: EngineEvent): void => feed.tell(event);
  const commands = new CommandDesk({
    engine,
    sink,
    outbox,
    links,
    journal,
    instrument,
    tell,
    alarm,
  });
  const records = new RecordsIn({
    engine,
    feed,
    links,
    catchUp,
    alarm,
    lookUp: (venueId, source, tries) => commands.lookUp(venueId, source, tries, feed.nowMs),
    cancelSecond: (venueId, orderId) => commands.cancelSecond(venueId, orderId),
  });
  const quarantine = new Quarantine(feed, alarm);
  const position = new PositionCheck({ engine, feed, catchUp, privateStream, alarm });
  const inbound = { instrument, catchUp, quarantine, records };
  const frames = new FramesIn({ ...inbound, feed, privateStream, publicStream });
  const answers = new Answers({ ...inbound, engine, outbox, commands, position, tell, alarm });
  const executions = records.taken;
  return { ...base, feed, records, frames, answers, executions, position, quarantine };
}

/** What needs nothing of the others but the effects and the engine. */
function wireBase(options: SessionOptions, effects: Effect[], sink: CommandSink): Base {
  const { strategy, setup, instrument, risk } = options;
  const engine = new Engine(
    strategy,
    setup.compiled,
    instrument,
    setup.slotCount,
    setup.indicators.length,
    sink,
    risk,
    false,
  );
  engine.beCareful(options.patience);
  const outbox = new Outbox(effects);
  return {
    engine,
    outbox,
    links: new LinkBook(options.deployment, engine.orders.keyCount),
    journal: new JournalWriter(options, effects),
    privateStream: new Stream('private', instrument.symbol, effects),
    publicStream: new Stream('public', instrument.symbol, effects),
    catchUp: new CatchUp(instrument, (request, round) =>
      outbox.add('read', { to: 'catch-up', round }, request, 0),
    ),
    alarm: (code, text) => {
      effects.push({ t: 'alarm', code, text });
    },
  };
}

/** Everything that decides what happens next, as text. */
export function describeSession(
  parts: SessionWiring,
  { failed, runs }: Pick<SavedFields, 'failed' | 'runs'>,
): string {
  const { feed } = parts;
  return [
    canonical(parts.engine),
    parts.outbox.describe(),
    canonical(parts.privateStream),
    canonical(parts.publicStream),
    canonical(parts.catchUp),
    parts.records.executionCount,
    parts.links.count,
    feed.nowMs,
    failed,
    runs,
    parts.position.acceptedSteps,
    parts.quarantine.describe(),
    feed.priceTicks,
    feed.priceSeenMs,
    feed.candleMs,
    parts.journal.seq,
  ].join('\n');
}
