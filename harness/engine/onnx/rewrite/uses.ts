import { type Node, programOf } from '../graph.ts';

export interface Use {
  /** null: it is an output. */
  readonly user: Node | null;
  /** Which of the user's inputs. */
  readonly index: number;
}

/** Who uses each node that the outputs need. */
export function usesOf(outputs: readonly Node[]): ReadonlyMap<Node, readonly Use[]> {
  const uses = new Map<Node, Use[]>();
  const add = (node: Node, use: Use) => {
    const known = uses.get(node) ?? [];
    known.push(use);
    uses.set(node, known);
  };
  for (const [index, output] of outputs.entries()) add(output, { user: null, index });
  for (const user of programOf(outputs).order) {
    if (user.kind === 'op' || user.kind === 'call')
      for (const [index, input] of user.inputs.entries()) add(input, { user, index });
    if (user.kind === 'item') add(user.of, { user, index: 0 });
  }
  return uses;
}
