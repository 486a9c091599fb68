import Table from 'cli-table3';
import { installCuda } from '../engine/devices/install-cuda.ts';
import type { Command } from './command.ts';
import { examine } from './health.ts';
import type { GlobalOptions } from './options.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  install: 'cuda' | undefined;
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .option('install', {
        choices: ['cuda'] as const,
        describe:
          'Fetch what the devices cuda and tensorrt need of ONNX Runtime (from api.nuget.org), then check',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 doctor', 'what works here, and how to install what does not')
      .example('$0 doctor --install cuda', 'the same, with ONNX Runtime for NVIDIA cards'),
  handler: async ({ install, json, results }) => {
    if (install === 'cuda') await installCuda();
    const findings = await examine(results);
    if (findings.some(({ state }) => state === 'broken')) process.exitCode = 1;
    if (json) {
      sayJson(findings, 2);
      return;
    }
    const table = new Table({ head: ['', 'part', 'found'], style: { head: [], border: [] } });
    for (const { state, part, detail, remedy } of findings) {
      table.push([state, part, remedy ? `${detail}\nto install: ${remedy}` : detail]);
    }
    say(table.toString());
  },
};
export default command;
