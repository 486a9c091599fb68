/** Weights of the fixtures' networks, recomputed by the PRNG rule instead of stored. */
import type { ParamKind, ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { type RuleKind, type RuleScales, ruleParameter } from '../../harness/verify/rule-weights.ts';

export interface WeightRule extends RuleScales {
  readonly prefix: string;
}

/** g of the rule, in the fixtures 01 to 05. */
const GAIN = 3;
const KINDS: Readonly<Record<ParamKind, RuleKind>> = {
  weight: 'w',
  bias: 'b',
  normWeight: 'nw',
  normBias: 'nb',
  embedding: 'emb',
  logScale: 'emb',
};

/** All parameters of a network by the rule. */
export function prngWeights(specs: readonly ParamSpec[], rule: WeightRule): Map<string, Float32Array> {
  return new Map(
    specs.map(({ name, shape, kind }) => [
      name,
      ruleParameter(rule.prefix + name, shape, KINDS[kind], GAIN, rule),
    ]),
  );
}
