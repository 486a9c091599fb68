import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { type NetworkParams, paramsOf } from '../../harness/networks/params.ts';
import { type RuleKind, ruleParameter } from '../../harness/verify/rule-weights.ts';

/** The rule of a manifest's config: which kind a parameter is, by the end of its name. */
export interface Rule {
  readonly prefix: string;
  readonly gain: number;
  readonly kinds: Readonly<Record<string, RuleKind>>;
}

/** A network's parameters by the rule of its config. */
export function ruleParams(specs: readonly ParamSpec[], rule: Rule): NetworkParams {
  const tensors = ruleTensors(specs, rule).map(({ name, shape, data }): [string, Tensor] => [
    name,
    tf.tensor(data, [...shape]),
  ]);
  return paramsOf(new Map(tensors), rule.prefix);
}

/** Their values. */
export function ruleTensors(specs: readonly ParamSpec[], { prefix, gain, kinds }: Rule) {
  return specs.map(({ name, shape }) => {
    const [, kind] = Object.entries(kinds).find(([suffix]) => name.endsWith(suffix))!;
    return { name, shape, data: ruleParameter(prefix + name, shape, kind, gain) };
  });
}
