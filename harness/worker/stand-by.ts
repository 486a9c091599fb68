/**
 * A thread that stands by while somebody else's code runs: in a loop without end the child hears nothing, but a debugger's
 * question interrupts it. Asked by the main process, it has the child say which line it is at.
 */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { ASKED_FD, SAY_WHERE } from './where.ts';

const session = new Session();
new Socket({ fd: ASKED_FD }).on('data', () => {
  session.connectToMainThread();
  session.post('Runtime.evaluate', { expression: SAY_WHERE });
});
