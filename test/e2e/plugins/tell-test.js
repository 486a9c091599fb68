import { connect } from 'node:net';

/** Gives a listening test the number of a process. */
export async function tellTest(pid) {
  const path = process.env.TWEEDIE_TEST_SOCKET;
  if (!path) return;
  await new Promise((resolve) => {
    const socket = connect(path, () => socket.end(`${pid}`, resolve));
    socket.on('error', resolve);
  });
}
