import { once } from 'node:events';
import { UserError } from '../errors.ts';
import { Answers } from '../serve/answers.ts';
import { startServer } from '../serve/server.ts';
import { closeStore, openStore } from '../store/store.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { registriesOf } from './registries.ts';
import { say } from './say.ts';
import { StopSignals } from './stop-signals.ts';

interface Options extends GlobalOptions {
  port: number;
}

const HIGHEST = 65535;

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .option('port', { type: 'number', requiresArg: true, default: 8765, describe: '0: any that is free' })
      .example('$0 serve', 'then open http://127.0.0.1:8765/'),
  handler: async ({ port, results }) => {
    if (!(Number.isInteger(port) && port >= 0 && port <= HIGHEST))
      throw new UserError(`--port ${port}: expected a whole number from 0 to ${HIGHEST}`);
    const store = openStore(results, { create: false });
    const signals = new StopSignals();
    try {
      const { server, url } = await startServer(new Answers(store, registriesOf), port);
      say(`${url}  (Ctrl-C ends it)`);
      if (!signals.signal.aborted) await once(signals.signal, 'abort');
      server.close();
      server.closeAllConnections();
    } finally {
      signals.dispose();
      closeStore(store);
    }
  },
};
export default command;
