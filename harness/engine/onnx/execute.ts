import { type HostTensor, type Node, type Program, programOf } from './graph.ts';
import type { SessionCache } from './session.ts';
import { type Stage, stagesOf } from './stages.ts';

const plans = new WeakMap<Program, readonly Stage[] | null>();

/** Runs a program, with the graphs it calls, on data parallel to program.feeds; results parallel to program.outputs. */
export async function execute(
  sessions: SessionCache,
  program: Program,
  feeds: readonly HostTensor[],
): Promise<HostTensor[]> {
  let stages = plans.get(program);
  if (stages === undefined) {
    stages = stagesOf(program);
    plans.set(program, stages);
  }
  if (!stages) return sessions.run(program, feeds);

  const values = new Map<Node, HostTensor>(program.feeds.map((feed, i) => [feed, feeds[i]!]));
  const get = async (node: Node): Promise<HostTensor> => values.get(node) ?? constant(sessions, node);
  for (const stage of stages) {
    const results =
      stage.kind === 'graph'
        ? await sessions.run(stage.program, await Promise.all(stage.feeds.map(get)))
        : await call(sessions, stage, await Promise.all(stage.call.inputs.map(get)));
    for (const [i, node] of stage.results.entries()) values.set(node, results[i]!);
  }
  return Promise.all(program.outputs.map(get));
}

async function call(
  sessions: SessionCache,
  { call, results }: Extract<Stage, { kind: 'call' }>,
  inputs: readonly HostTensor[],
): Promise<HostTensor[]> {
  const { program, sources } = call.callee;
  const feeds = sources.map((source) => (typeof source === 'number' ? inputs[source]! : source));
  const all = await execute(sessions, program, feeds);
  return results.map(({ index }) => all[index]!);
}

/** A value that needs no feed: an output, or an input of a call, that is a weight or made of literals. */
async function constant(sessions: SessionCache, node: Node): Promise<HostTensor> {
  const [result] = await sessions.run(programOf([node]), []);
  return result!;
}
