/** Cuts a program at its calls: what comes before one, what comes after it, each a graph of its own. */
import {
  type CallNode,
  type FeedNode,
  feedNode,
  type ItemNode,
  type Node,
  type OpNode,
  type Program,
  programOf,
} from './graph.ts';

/** A part of a program. Values are named by the program's own nodes. */
export type Stage =
  | {
      readonly kind: 'graph';
      readonly program: Program;
      readonly feeds: readonly Node[];
      readonly results: readonly Node[];
    }
  | { readonly kind: 'call'; readonly call: CallNode; readonly results: readonly ItemNode[] };

/** The parts in the order in which they run; null for a program without calls. */
export function stagesOf(program: Program): readonly Stage[] | null {
  if (!program.order.some(({ kind }) => kind === 'call')) return null;
  const levels = levelsOf(program);
  const last = Math.max(...levels.values());
  const calls = program.order.filter((node) => node.kind === 'call');
  const wanted = crossing(program, levels);
  const stages: Stage[] = [];
  for (let level = 0; level <= last; level++) {
    const results = wanted.filter((node) => levels.get(node) === level && inGraph(node));
    if (results.length > 0) stages.push(graphStage(results, levels, level));
    for (const call of calls.filter((node) => levels.get(node) === level)) {
      const items = program.order.filter((node) => node.kind === 'item' && node.of === call);
      stages.push({ kind: 'call', call, results: items as ItemNode[] });
    }
  }
  return stages;
}

/** Weights, literals and what is made of nothing else have no level: each graph that needs them has them. */
type Levels = ReadonlyMap<Node, number>;

/** The number of calls that must have run before a node can be computed. */
function levelsOf({ order }: Program): Levels {
  const levels = new Map<Node, number>();
  for (const node of order) {
    if (node.kind === 'feed') levels.set(node, 0);
    if (node.kind === 'item') {
      const level = levels.get(node.of);
      if (level !== undefined) levels.set(node, node.of.kind === 'call' ? level + 1 : level);
    }
    if (node.kind === 'op' || node.kind === 'call') {
      const inputs = node.inputs.flatMap((input) => levels.get(input) ?? []);
      if (inputs.length > 0 || node.kind === 'call') levels.set(node, Math.max(0, ...inputs));
    }
  }
  return levels;
}

/** A value that a graph computes, unlike feeds and the results of calls. */
function inGraph(node: Node): boolean {
  return node.kind === 'op' || (node.kind === 'item' && node.of.kind === 'op');
}

/** Values that another stage, a call or the caller asks for. */
function crossing({ order, outputs }: Program, levels: Levels): Node[] {
  const wanted = new Set<Node>(outputs);
  for (const node of order) {
    if (node.kind === 'call') for (const input of node.inputs) wanted.add(input);
    if (node.kind === 'op') {
      const level = levels.get(node);
      for (const input of node.inputs)
        if (levels.has(input) && levels.get(input) !== level) wanted.add(input);
    }
  }
  return order.filter((node) => wanted.has(node));
}

function graphStage(results: readonly Node[], levels: Levels, level: number): Stage {
  const feeds: FeedNode[] = [];
  const sources: Node[] = [];
  const copies = new Map<Node, Node>();
  const copy = (node: Node): Node => {
    const own = levels.get(node);
    if (own === undefined) return node;
    const known = copies.get(node);
    if (known) return known;
    let made: Node;
    if (own < level || !inGraph(node)) {
      made = feedNode(node.dtype, node.shape);
      feeds.push(made);
      sources.push(node);
    } else if (node.kind === 'item') made = { ...node, of: copies.get(node.of) as OpNode };
    else made = { ...(node as OpNode), inputs: (node as OpNode).inputs.map(copy) };
    copies.set(node, made);
    return made;
  };
  // Inputs come first in the order, so that `copy` never goes deep: networks are deeper than the call stack is safe for.
  for (const node of programOf(results).order) if (levels.get(node) === level && inGraph(node)) copy(node);
  const program = programOf(results.map((node) => copies.get(node)!));
  const place = new Map(feeds.map((feed, i) => [feed, sources[i]!]));
  return { kind: 'graph', program, feeds: program.feeds.map((feed) => place.get(feed)!), results };
}
