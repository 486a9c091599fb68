import { describe, expect, it } from 'vitest';
import { tweedie } from './run-cli.ts';

const listed = async (kind: string) =>
  JSON.parse((await tweedie('list', kind, '--json')).stdout) as Record<string, unknown>[];
const named = async (kind: string, name: string) => (await listed(kind)).find((thing) => thing.name === name);

describe('tweedie list', () => {
  it.each(['solvers', 'tasks', 'priors', 'datasets', 'metrics', 'devices'])(
    'list %s --json is one document: a list of named, described things',
    async (kind) => {
      const things = await listed(kind);
      expect(things.length).toBeGreaterThan(0);
      for (const thing of things) {
        expect(thing).toEqual(
          expect.objectContaining({ name: expect.any(String), description: expect.any(String) }),
        );
      }
      const text = (await tweedie('list', kind)).stdout;
      for (const { name } of things) expect(text).toContain(name);
    },
  );

  it('gives each parameter its type, default and meaning', async () => {
    const task = await named('tasks', 'super-resolution');
    expect(task).toMatchObject({ version: expect.any(Number), baseline: 'bicubic' });
    expect(task?.parameters).toContainEqual({
      name: 'factor',
      type: 'integer >= 2',
      required: false,
      default: 8,
      description: expect.stringContaining('reduction'),
      schema: expect.objectContaining({ type: 'integer', minimum: 2 }),
    });
  });

  it('says which kind of task a solver is for, and what it takes', async () => {
    expect(await named('solvers', 'ddnm')).toMatchObject({ needs: 'to restore; with pixels, pseudoInverse' });
    expect(await named('solvers', 'blind-dps')).toMatchObject({
      needs: expect.stringMatching(/^to restore blindly; /),
    });
    expect(await named('tasks', 'part-segmentation')).toMatchObject({ needs: 'to segment' });
  });

  it('lists solvers and tasks of one kind where that is asked for', async () => {
    const ofKind = async (things: string) =>
      JSON.parse((await tweedie('list', things, '--kind', 'edit', '--json')).stdout) as Record<
        string,
        unknown
      >[];
    const solvers = await ofKind('solvers');
    expect(solvers.length).toBeGreaterThan(0);
    expect(solvers.length).toBeLessThan((await listed('solvers')).length);
    expect(new Set(solvers.map(({ solves }) => solves))).toEqual(new Set(['edit']));
    expect((await ofKind('tasks')).map(({ name }) => name)).toEqual(['trait-editing']);
  });

  it.each([
    [['metrics', '--kind', 'edit'], '--kind: metrics are of no kind; it is for solvers and tasks'],
    [['solvers', '--kind', 'edits'], '--kind: unknown value "edits": did you mean "edit"?'],
  ])('refuses %j', async (words, message) => {
    expect(await tweedie('list', ...words)).toMatchObject({ code: 2, stderr: message });
  });

  it('says how many pictures each split has', async () => {
    expect(await named('datasets', 'toyfaces')).toMatchObject({ splits: { test: expect.any(Number) } });
  });

  it("states a metric's direction and protocol", async () => {
    expect(await named('metrics', 'psnr')).toMatchObject({
      better: 'higher',
      unit: 'dB',
      protocol: { range: 255 },
    });
  });
});
