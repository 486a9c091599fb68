import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type NamedTensor, writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { tweedie } from '../cli/run-cli.ts';

export function tensor(name: string, shape: readonly number[], values: readonly number[]): NamedTensor {
  return { name, shape, data: Float32Array.from(values) };
}

/** A new folder of reference cases. Paths begin with the item. */
export class CaseFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'tweedie-cases-'));

  at(path: string): string {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    return join(this.path, path);
  }

  tensors(path: string, tensors: readonly NamedTensor[]): void {
    writeSafetensors(this.at(path), tensors);
  }

  manifest(item: string, content: object): void {
    writeFileSync(this.at(`${item}/manifest.json`), JSON.stringify({ item, ...content }));
  }
}

interface Outcome {
  readonly code: number;
  readonly stderr: string;
  readonly passed: boolean;
  /** `status` or `status: reason`, by item/case. */
  readonly results: Readonly<Record<string, string>>;
}

interface CaseJson {
  item: string;
  name: string;
  status: string;
  reason: string | null;
  comparisons: { pass: boolean; name: string; reason?: string }[];
}

/** `tweedie verify --json` on one thread. */
export async function verify(folder: string, ...options: string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await tweedie('verify', folder, '--json', '--device', 'cpu:1', ...options);
  const { cases, passed } = JSON.parse(stdout || '{"cases":[],"passed":false}') as {
    cases: CaseJson[];
    passed: boolean;
  };
  const summary = ({ status, reason, comparisons }: CaseJson) => {
    const failures = comparisons
      .filter(({ pass }) => !pass)
      .map(({ name, reason: why }) => (why ? `${name}: ${why}` : name));
    const details = [...(reason === null ? [] : [reason]), ...failures];
    return [status, ...details].join(': ');
  };
  const results = Object.fromEntries(cases.map((one) => [`${one.item}/${one.name}`, summary(one)]));
  return { code, stderr, passed, results };
}
