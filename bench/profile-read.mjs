/** Own time by function of a .cpuprofile, of what ran inside `profiledPoints`. */
const MARK = 'profiledPoints';
/** Samples that hang beside the program: they count where they fall between its own. */
const OUTSIDE = new Set(['(garbage collector)', '(program)']);

export function readProfile({ nodes, samples }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const inside = new Set();
  const enter = (node) => {
    inside.add(node.id);
    for (const child of node.children ?? []) enter(byId.get(child));
  };
  for (const node of nodes) if (node.callFrame.functionName === MARK) enter(node);
  const first = samples.findIndex((id) => inside.has(id));
  const last = samples.findLastIndex((id) => inside.has(id));
  const counts = new Map();
  let total = 0;
  for (const id of samples.slice(first, last + 1)) {
    const { callFrame } = byId.get(id);
    if (!inside.has(id) && !OUTSIDE.has(callFrame.functionName)) continue;
    const where = nameOf(callFrame);
    counts.set(where, (counts.get(where) ?? 0) + 1);
    total += 1;
  }
  const shares = [...counts].map(([where, count]) => ({ where, share: count / total }));
  return { functions: descending(shares), rooms: descending(byRoom(shares)), samples: total };
}

const descending = (shares) => shares.sort((a, b) => b.share - a.share);

/** `name  room/file` */
function nameOf({ functionName, url }) {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const file = /(?:dist|bench)\/(.*)\.m?js$/.exec(url)?.[1];
  return file === undefined ? name : `${name}  ${file}`;
}

function byRoom(shares) {
  const rooms = new Map();
  for (const { where, share } of shares) {
    const room = /  (.*?)\/[^/]*$/.exec(where)?.[1] ?? (where.includes('  ') ? 'bench' : where);
    rooms.set(room, (rooms.get(room) ?? 0) + share);
  }
  return [...rooms].map(([where, share]) => ({ where, share }));
}
