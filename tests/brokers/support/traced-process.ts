import { KEY, order, Probe, SECRET } from './transport-probe.ts';
import { WireServer } from './wire-server.ts';

/** A process of its own: the SDK reads its environment when it is loaded. */
const server = await WireServer.start(KEY, SECRET);
const probe = new Probe(server);
probe.transport.connect('private');
await probe.call(1, order('a'));
server.rest = (_request, response) => void response.writeHead(502).end('<html>');
await probe.call(2);
await probe.transport.close();
await server.close();
process.stdout.write(`${probe.inputs.length > 1 ? 'said nothing' : 'did nothing'}\n`);
