import { encodeHeader, encodeRecord } from '../../../src/live/journal/encode.ts';
import { nodeDisk } from '../../../src/live/journal-files/journal-disk.ts';
import { JournalFiles } from '../../../src/live/journal-files/journal-files.ts';

/** Writes until it is killed, and says on stdout what is durable. */
const header = { k: 'header', format: 1, deployment: 'test01', configHash: 'c', version: 'v' };
const { files } = JournalFiles.open(process.argv[2] ?? '', 'test01', nodeDisk, {
  synced(seq) {
    process.stdout.write(`${seq}\n`);
    setImmediate(more);
  },
  failed(why) {
    throw new Error(why);
  },
});
let seq = 0;
files.append(0, encodeHeader(header as Parameters<typeof encodeHeader>[0]));
more();

function more(): void {
  for (let i = 0; i < 5; i += 1) {
    seq += 1;
    files.append(seq, encodeRecord(seq, { k: 'in', ...{ text: 'x'.repeat(seq % 300) } }));
  }
  if (files.bytes > 20_000) {
    seq += 1;
    const text = encodeRecord(seq, { k: 'snapshot' });
    files.rotate(header as Parameters<typeof encodeHeader>[0], { seq, text });
  }
  files.sync(seq);
}
