/** Which rooms a room may import from, values and types alike. A circle would make two rooms one. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { expect, it } from 'vitest';

/** Lowest first: each may import from those before it that its line names. */
const ROOMS: Readonly<Record<string, string>> = {
  text: '',
  pictures: '',
  engine: '',
  networks: 'engine text',
  operators: 'engine',
  priors: 'engine networks',
  data: 'pictures networks',
  metrics: 'engine networks operators pictures',
  identity: 'engine metrics',
  tasks: 'engine operators pictures data',
  solvers: 'text engine operators priors identity tasks',
  weights: 'engine networks priors',
  measured: 'networks identity',
  config: 'text engine data identity',
  published: 'config',
  imported: 'engine pictures identity tasks solvers measured config',
  external: 'text engine networks operators identity priors tasks solvers config',
  scoring: 'engine networks pictures metrics identity weights',
  plan: 'text engine pictures data metrics identity priors tasks solvers weights config external published imported scoring',
  store: 'identity',
  merge: 'identity store',
  export: 'text identity store',
  report: 'text networks pictures metrics identity tasks published plan store export',
  tuning: 'text engine data identity tasks solvers config plan report',
  editor: 'config plan tuning',
  worker: 'text engine networks pictures data metrics identity priors tasks solvers scoring plan store',
  measure: 'text engine operators pictures data identity tasks measured plan worker',
  conformance: 'engine operators pictures data metrics priors tasks solvers worker',
  scheduler: 'text metrics identity tasks scoring plan store worker',
  serve: 'text report store scheduler',
  evaluate: 'text networks pictures data metrics identity scoring',
  verify: 'text engine networks operators priors tasks solvers metrics weights',
  training: 'engine networks pictures priors metrics tasks solvers config report worker conformance',
};

const HARNESS = 'harness';
const IMPORT = /(?:import|export)\s[^;]*?from '(\.[^']+)'/g;

/** Each import that leaves its room, as `room -> room`, with the files that make it. */
function crossings(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const entry of readdirSync(HARNESS, { recursive: true, encoding: 'utf8' })) {
    const from = roomOf(entry);
    if (!entry.endsWith('.ts') || from === null) continue;
    const file = join(HARNESS, entry);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const target = normalize(join(dirname(entry), specifier!));
      const to = roomOf(target);
      if (to === null || to === from) continue;
      const edge = `${from} -> ${to}`;
      found.set(edge, [...(found.get(edge) ?? []), `${file}: ${specifier}`]);
    }
  }
  return found;
}

/** The folder below harness/; null for the root's own files, which import from nowhere or are the plug-ins' border. */
function roomOf(path: string): string | null {
  const [room, ...rest] = path.split(sep);
  return rest.length > 0 && room !== '..' ? room! : null;
}

it('rooms import downwards only', () => {
  const order = Object.keys(ROOMS);
  for (const [room, allowed] of Object.entries(ROOMS)) {
    for (const other of allowed.split(' ').filter(Boolean))
      expect(order.indexOf(other), `${room} -> ${other}`).toBeLessThan(order.indexOf(room));
  }
});

it('and only from the rooms that the table names; the command line from all', () => {
  const wrong = [...crossings()].filter(([edge]) => {
    const [from, to] = edge.split(' -> ') as [string, string];
    return from !== 'cli' && !ROOMS[from]?.split(' ').includes(to);
  });
  expect(wrong).toEqual([]);
});

it('the table names no import that is not there', () => {
  const there = crossings();
  const unused = Object.entries(ROOMS).flatMap(([from, allowed]) =>
    allowed.split(' ').flatMap((to) => (to && !there.has(`${from} -> ${to}`) ? `${from} -> ${to}` : [])),
  );
  expect(unused).toEqual([]);
});
