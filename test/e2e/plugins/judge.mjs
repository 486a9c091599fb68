/** Loads plug-ins as the built program does, runs the solver of each on a small problem, and prints what is said of it. */
import { fakePriorFor } from '../../../dist/harness/conformance/fake-priors.js';
import { problemFor, runSolver } from '../../../dist/harness/conformance/run-solver.js';
import { openDevice } from '../../../dist/harness/engine/device.js';
import { identity } from '../../../dist/harness/operators/identity.js';
import { loadPlugin } from '../../../dist/harness/plan/plugins.js';
import { STACK_FRAMES } from '../../../dist/harness/text/author.js';

Error.stackTraceLimit = STACK_FRAMES;
const { compile } = await openDevice('cpu:1');

async function judged(path) {
  try {
    const { solvers } = await loadPlugin(path);
    const prior = fakePriorFor(solvers[0]);
    const { lost } = await runSolver(
      solvers[0],
      problemFor(prior, identity(), 2),
      prior,
      { steps: 4 },
      { compile },
    );
    return { lost: lost.get(0) ?? null };
  } catch (error) {
    return { told: error.message };
  }
}

const verdicts = [];
for (const path of process.argv.slice(2)) verdicts.push(await judged(path));
console.log(JSON.stringify(verdicts));
process.exit(0);
