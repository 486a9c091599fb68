import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readExports } from '../../harness/plan/plugin-exports.ts';
import { withPlugins } from '../../harness/plan/plugins.ts';
import { fakes } from '../config/fakes.ts';

/** What a person reads of a plug-in that exports this. */
const refusal = (exported: unknown) => () => readExports(exported, 'mine.js');

const SOLVER = {
  name: 'mine',
  version: 1,
  paper: '',
  requires: {},
  params: z.object({ gain: z.number() }),
  solve() {},
};

const NONE = { solvers: [], priors: [], tasks: [], metrics: [], datasets: [] };
const TASK = { name: 'mine', version: 1, kind: 'restore', source: '', params: z.object({}), pose() {} };
const DATASET = { name: 'mine', ids() {}, item() {} };
const METRIC = {
  name: 'mine',
  version: 1,
  of: 'picture',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
  better: 'lower',
  digits: 2,
  protocol: { input: 'uint8' },
  score() {},
};

it('what a plug-in exports is told apart by kind', () => {
  const prior = { name: 'mine', version: 1, description: '', params: z.object({}), inspect() {}, open() {} };
  const networked = { weights: [], protocol() {}, open() {} };
  const { score: _, ...rest } = METRIC;
  const metrics = [
    METRIC,
    { ...rest, by: 'network', ...networked },
    {
      ...METRIC,
      level: 'set',
      by: 'network',
      against: 'reference-set',
      extractor: { name: 'f', dimensions: 2, ...networked },
    },
  ];
  expect(readExports([SOLVER, prior, TASK, DATASET, ...metrics], 'mine.js')).toEqual({
    solvers: [SOLVER],
    priors: [prior],
    tasks: [TASK],
    datasets: [DATASET],
    metrics,
  });
});

it.each([
  [
    'a task of a kind that is none',
    { ...TASK, kind: 'restor' },
    'mine: kind: expected restore or blind or segment or invert or edit or generate or translate',
  ],
  ['a task without parameters', { ...TASK, params: undefined }, 'mine: params: expected a z.object'],
  [
    'a baseline that solves nothing',
    { ...TASK, baseline: { name: 'y' } },
    'mine: baseline: expected a name and a',
  ],
  [
    'a metric without a direction',
    { ...METRIC, better: 'up' },
    'mine: better: expected higher or lower, found "up"',
  ],
  ['a metric of nothing known', { ...METRIC, of: 'sound' }, 'mine: of: expected picture or labels or kernel'],
  ['a metric without a protocol', { ...METRIC, protocol: undefined }, 'mine: protocol: expected a mapping'],
  [
    'a metric with a mistyped key',
    { ...METRIC, unti: 'dB' },
    'mine: unknown property "unti": did you mean "unit"?',
  ],
  ['a metric that cannot score', { ...METRIC, score: 3 }, 'mine: score: expected a function, found 3'],
  [
    'a data set without pictures',
    { name: 'mine', ids() {} },
    'mine: item: expected a function, found undefined',
  ],
])('refused is %s', (_, exported, told) => {
  expect(refusal(exported)).toThrow(`plug-in mine.js: ${told}`);
});

describe('refused is', () => {
  const NEITHER =
    'plug-in mine.js: expected its default export to be what defineSolver, definePrior, defineTask, defineMetric or ' +
    'defineDataset returns, or a list of those';

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number in a list', [SOLVER, 3]],
    ['an empty object', {}],
  ])('%s', (_, exported) => expect(refusal(exported)).toThrow(NEITHER));

  it('a prior that cannot be opened', () => {
    const prior = { name: 'mine', version: 1, params: z.object({}), inspect() {} };
    expect(refusal(prior)).toThrow('plug-in mine.js: mine: open: expected a function, found undefined');
  });

  it.each([
    ['no name', { name: '' }, 'a solver: name: expected a text that is not empty, found ""'],
    ['a number as name', { name: 5 }, 'a solver: name: expected a text, found 5'],
    [
      'half a character as name',
      { name: 'a\ud800' },
      'a solver: name: half a character (a lone surrogate) in it',
    ],
    [
      'a version that is no number',
      { version: Number.NaN },
      'mine: version: expected a whole number, found NaN',
    ],
    ['a version as text', { version: '1' }, 'mine: version: expected a whole number, found "1"'],
    ['an empty title', { title: '' }, 'mine: title: expected a text that is not empty, found ""'],
    ['a citation that is none', { paper: ['a'] }, "mine: paper: expected a text, found [ 'a' ]"],
    [
      'a kind that is none',
      { solves: 'segmentt' },
      'mine: solves: expected restore or blind or segment or invert or edit or generate or translate, found "segmentt"',
    ],
    [
      'a kind that every object has',
      { solves: 'toString' },
      'mine: solves: expected restore or blind or segment or invert or edit or generate or translate, found "toString"',
    ],
    [
      'kinds',
      { solves: ['segment'] },
      "mine: solves: expected restore or blind or segment or invert or edit or generate or translate, found [ 'segment' ]",
    ],
    [
      'a schema of another library',
      { params: { shape: {} } },
      'mine: params: expected a z.object of the z that "tweedie" exports, found { shape: {} }',
    ],
    [
      'no requirements',
      { requires: undefined },
      'mine: requires: expected {} or what it needs, as { autoencoder: true }; found undefined',
    ],
    [
      'requirements in a list',
      { requires: ['text'] },
      "mine: requires: expected {} or what it needs, as { autoencoder: true }; found [ 'text' ]",
    ],
    [
      'a requirement that there is not',
      { requires: { autoencodr: true } },
      'mine: requires: unknown "autoencodr": did you mean "autoencoder"?',
    ],
    [
      'a requirement that is none',
      { requires: { text: false } },
      'mine: requires: text: expected true, or no text at all; found false',
    ],
    ['passes that are a number', { passes: 3 }, 'mine: passes: expected a function, found 3'],
    ['nothing that solves', { solve: 3 }, 'mine: solve: expected a function, found 3'],
    [
      'a property that there is not',
      { titel: 'Mine' },
      'mine: unknown property "titel": did you mean "title"?',
    ],
    [
      'half a character as the name of a parameter',
      { params: z.object({ 'b\udc00': z.number() }) },
      'mine: the name of a parameter has half a character in it',
    ],
    [
      'a getter that throws',
      Object.defineProperty({}, 'params', {
        get() {
          throw new Error('not today');
        },
        enumerable: true,
      }),
      'its default export cannot be read: not today',
    ],
  ])('a solver with %s', (_, over, told) => {
    const descriptors = {
      ...Object.getOwnPropertyDescriptors(SOLVER),
      ...Object.getOwnPropertyDescriptors(over),
    };
    expect(refusal(Object.defineProperties({}, descriptors))).toThrow(`plug-in mine.js: ${told}`);
  });

  it.each(['constructor', '__proto__', 'toString'])('a parameter "%s", which every object has', (name) => {
    const params = z.object({ [name]: z.number(), gain: z.number() });
    expect(refusal({ ...SOLVER, params })).toThrow(
      `plug-in mine.js: mine: no parameter can be called "${name}": every JavaScript object has that`,
    );
  });
});

it('a name that is taken already is refused where the experiment names the plug-in', () => {
  const where = { file: 'e.yaml', line: 2, column: 11 };
  const plugin = {
    ref: 'mine.js',
    path: 'mine.js',
    sha256: '',
    where,
    ...NONE,
    solvers: [...fakes.solvers.values()],
  };
  expect(() => withPlugins(fakes, [plugin])).toThrow(
    'e.yaml:2:11: plug-in mine.js: there is a solver "ldps" already',
  );
});
