import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { type Params, paramsOf } from '../../harness/networks/params.ts';
import { type RuleKind, ruleParameter } from '../../harness/verify/rule-weights.ts';

/** The rule of a manifest's config: which kind a parameter is, by the end of its name. */
export interface Rule {
  readonly prefix: string;
  readonly gain: number;
  readonly kinds: Readonly<Record<string, RuleKind>>;
}

/** A network's parameters by the rule of its config. */
export function ruleParams(specs: readonly ParamSpec[], { prefix, gain, kinds }: Rule): Params {
  const tensors = specs.map(({ name, shape }): [string, Tensor] => {
    const [, kind] = Object.entries(kinds).find(([suffix]) => name.endsWith(suffix))!;
    return [name, tf.tensor(ruleParameter(prefix + name, shape, kind, gain), [...shape])];
  });
  return paramsOf(new Map(tensors), prefix);
}
