/**
 * Times a forward pass and a guided step of a Stable-Diffusion-sized model at 512 px, and the memory they take:
 *   npm run build && node test/large/guided-step.mjs FOLDER [DEVICE]
 * Memory is what the process holds beside the pages of its files (RssAnon), watched ten times a second.
 */
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) await main();
else watch();

async function main() {
  const { openDevice } = await import('../../dist/harness/engine/device.js');
  const { tf } = await import('../../dist/harness/engine/tf.js');
  const { z0FromNoise } = await import('../../dist/harness/priors/ddim.js');
  const { openLatentDiffusion } = await import('../../dist/harness/priors/latent-diffusion.js');
  const [folder, deviceName = 'cpu'] = process.argv.slice(2);
  if (!folder) {
    console.error('usage: node test/large/guided-step.mjs FOLDER [DEVICE]');
    process.exit(2);
  }
  const device = await openDevice(deviceName);
  const watcher = new Worker(new URL(import.meta.url));
  const measured = async (what, task) => {
    watcher.postMessage('reset');
    const started = performance.now();
    const result = await task();
    const seconds = (performance.now() - started) / 1000;
    const { anonymous, file } = await ask(watcher);
    const now = rss();
    console.log(
      `${what.padEnd(34)} ${seconds.toFixed(1).padStart(7)} s   peak ${anonymous} MiB, then ${now.anonymous} MiB (+ ${file} MiB of mapped files)`,
    );
    return result;
  };

  const options = { name: 'random', toy: true };
  const prior = await measured('load', () => openLatentDiffusion(folder, options, device.constant));
  const c = await measured('embed a prompt', async () => {
    const c = prior.text.embed(['']);
    await c.data();
    return c;
  });
  const z = tf.randomNormal([1, ...prior.shape]);
  const y = tf.zeros([1, ...prior.imageShape]);
  const forward = device.compile(({ z, t, c }) => ({ noise: prior.predict(z, t, c).value }));
  const guided = device.compile(({ z, t, c, alphaBar, y }) => {
    const loss = (z, c) => {
      const x = prior.autoencoder.decode(z0FromNoise(z, prior.predict(z, t, c).value, alphaBar));
      return tf.sqrt(tf.sum(tf.squaredDifference(x, y)));
    };
    const [dz, dc] = tf.grads(loss)([z, c]);
    return { dz, dc };
  });
  for (const round of ['first', 'second']) {
    await measured(`U-Net forward, ${round} time`, () => forward({ z, t: 500, c }));
  }
  for (const round of ['first', 'second']) {
    const { dz, dc } = await measured(`guided step, ${round} time`, () =>
      guided({ z, t: 500, c, alphaBar: 0.3, y }),
    );
    const size = async (x) => Math.hypot(...(await x.data())).toExponential(3);
    console.log(`  |dL/dz| ${await size(dz)}, |dL/dc| ${await size(dc)}, ${device.compilations()} graphs`);
  }
  process.exit(0);
}

function ask(worker) {
  return new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage('read');
  });
}

/** MiB. */
function rss() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const of = (key) => Math.round(Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return { anonymous: of('RssAnon'), file: of('RssFile') };
}

function watch() {
  let peak = rss();
  const look = () => {
    const now = rss();
    peak = { anonymous: Math.max(peak.anonymous, now.anonymous), file: Math.max(peak.file, now.file) };
  };
  setInterval(look, 100);
  parentPort.on('message', (message) => {
    look();
    if (message === 'read') parentPort.postMessage(peak);
    peak = rss();
  });
}
