import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSafetensors } from '../../../harness/networks/safetensors-writer.ts';
import { PACKAGE_ROOT } from '../../../harness/package-root.ts';
import { type RuleKind, ruleParameter } from '../../../harness/verify/rule-weights.ts';

/** The networks that metrics ask, by the item and configuration of the fixtures. */
const NETWORKS = {
  inception: ['06-inception-fid', 'inception'],
  alex: ['07-lpips', 'alex'],
  vgg: ['07-lpips', 'vgg'],
} as const;
export type NetworkName = keyof typeof NETWORKS;

interface RuleConfig {
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly rule: {
    readonly prefix: string;
    readonly gain: number;
    /** By the end of a parameter's name. */
    readonly kinds: Readonly<Record<string, RuleKind>>;
  };
}

/** Weights by the fixtures' rule, as safetensors, one file a network: they are made once. */
export function writeWeights(folder: string): Record<NetworkName, string> {
  const written = Object.entries(NETWORKS).map(([name, [item, config]]) => {
    const path = join(folder, `${name}.safetensors`);
    if (!existsSync(path)) {
      const { parameters, rule } = ruleConfig(item, config);
      const kinds = Object.entries(rule.kinds).sort(([a], [b]) => b.length - a.length);
      writeSafetensors(
        path,
        Object.entries(parameters).map(([parameter, shape]) => {
          const kind = kinds.find(([end]) => parameter.endsWith(end))![1];
          return {
            name: parameter,
            shape,
            data: ruleParameter(rule.prefix + parameter, shape, kind, rule.gain),
          };
        }),
      );
    }
    return [name, path] as const;
  });
  return Object.fromEntries(written) as Record<NetworkName, string>;
}

/** The folder of the fixtures that holds the weights of LPIPS's layers of distances. */
export const HEADS = join(PACKAGE_ROOT, 'test/fixtures/07-lpips');

function ruleConfig(item: string, config: string): RuleConfig {
  const manifest = JSON.parse(
    readFileSync(join(PACKAGE_ROOT, 'test/fixtures', item, 'manifest.json'), 'utf8'),
  );
  return manifest.configs[config];
}
