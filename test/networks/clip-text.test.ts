import { beforeAll, describe, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import {
  clipText,
  clipTextParameterShapes,
  embedTokens,
  poolAtEnd,
} from '../../harness/networks/clip-text.ts';
import { clipTextConfigSchema } from '../../harness/networks/clip-text-config.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { DEVICES, useDevice } from '../support/device.ts';
import { FixtureFile, fixtureParams, readManifest } from '../support/network-fixtures.ts';
import { valueAndVjp } from '../support/vjp.ts';

const item = '03-clip-text';
const manifest = readManifest(item);

describe.each(DEVICES)('text encoder on %s equals transformers', (device) => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice(device));
  });

  it.each(manifest.cases)(
    '$name: hidden states, pooled output, gradient of the token embeddings',
    async (testCase) => {
      const fixture = manifest.configs[testCase.network.config]!;
      const config = parseConfig(testCase.name, fixture.config, clipTextConfigSchema);
      const params = fixtureParams(fixture, clipTextParameterShapes(config));
      const file = new FixtureFile(item, manifest, testCase.file);
      const ids = file.tensor('input_ids');

      const { value, gradients } = await valueAndVjp(
        compile,
        (tokens) => clipText(params, config, tokens!),
        [embedTokens(params, ids)],
        file.tensor('w'),
      );

      await file.expectTensor('last_hidden_state', value);
      await file.expectTensor('pooler_output', poolAtEnd(value, ids));
      await file.expectTensor('grad_inputs_embeds', gradients[0]!);
    },
  );
});
