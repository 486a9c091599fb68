/** A method to segment in one file: for each pixel the class whose mean colour in the examples is nearest. */
import { defineSolver, tf, z } from 'tweedie';

export default defineSolver({
  solves: 'segment',
  name: 'nearest-mean',
  title: 'Nearest mean colour',
  version: 1,
  paper: 'no paper: the nearest centroid of colours, an example',
  requires: {},
  params: z.strictObject({}),

  async solve({ x, examples }) {
    const distances = examples.classes.map((_, i) => {
      const here = tf.expandDims(tf.cast(tf.equal(examples.labels, tf.scalar(i, 'int32')), 'float32'), 1);
      const mean = tf.div(
        tf.sum(tf.mul(examples.x, here), [0, 2, 3], true),
        tf.maximum(tf.sum(here, [0, 2, 3], true), 1),
      );
      return tf.sum(tf.square(tf.sub(x, mean)), 1);
    });
    return { labels: tf.cast(tf.argMin(tf.stack(distances), 0), 'int32') };
  },
});
