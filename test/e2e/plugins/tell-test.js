import { connect } from 'node:net';

/** Gives a listening test the number of a process, and waits until it hangs up. */
export async function tellTest(pid) {
  const path = process.env.TWEEDIE_TEST_SOCKET;
  if (!path) return;
  await new Promise((resolve) => {
    const socket = connect(path, () => socket.end(`${pid}`));
    socket.on('error', () => {});
    socket.on('close', resolve);
    socket.resume();
  });
}
