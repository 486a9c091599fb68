import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { type Tensor, tf } from '../engine/tf.ts';
import { npyBytes, readNpy } from '../npy.ts';
import { identify } from '../processes.ts';

/** Those of this machine; the number of the process that made one follows. */
const NAMES = `tweedie-external-${hostname()}-`;

/** The folder in which the harness and a program leave arrays for one another while a batch is solved. */
export class Scratch {
  readonly folder: string;
  #written = 0;

  constructor() {
    removeLeftOver();
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), `${NAMES}${process.pid}-`)));
  }

  /** Writes a tensor as float32; returns the file's name. */
  async write(tensor: Tensor): Promise<string> {
    return this.writeValues(tensor.shape, Float32Array.from(await tensor.data()));
  }

  writeValues(shape: readonly number[], data: Float32Array | Float64Array): string {
    const name = `harness-${++this.#written}.npy`;
    writeFileSync(join(this.folder, name), npyBytes({ shape, data }));
    return name;
  }

  /**
   * Reads an array that the program has left, and removes its file.
   * @param shape what it must have; null: any of these
   * @throws Error for another file than one in this folder, and an array of another shape or type
   */
  take(name: string, expected: readonly (number | null)[]): Tensor {
    const path = resolve(this.folder, name);
    const inside = isInside(this.folder, path);
    if (!inside) throw new Error(`${name} lies outside of the scratch folder ${this.folder}`);
    const { shape, data } = this.#read(path, name);
    rmSync(path);
    if (shape.length !== expected.length || expected.some((side, i) => side !== null && side !== shape[i]))
      throw new Error(
        `${name} has the shape [${shape}]; expected [${expected.map((side) => side ?? '...')}]`,
      );
    return tf.tensor(Float32Array.from(data), [...shape]);
  }

  #read(path: string, name: string) {
    try {
      return readNpy(path);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(message.startsWith(path) ? message.replace(path, name) : `${name} ${message}`);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Links followed. */
function isInside(folder: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(folder + sep);
  } catch {
    return path.startsWith(folder + sep);
  }
}

/** A worker that is killed cannot tidy up. */
function removeLeftOver(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(NAMES)) continue;
    const pid = Number(name.slice(NAMES.length).split('-')[0]);
    if (identify(pid) === null) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
