import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createMiner } from './engine/mining-thread/miner.ts';
import { createSandbox } from './sandbox/create-sandbox.ts';
import { startServer } from './server.ts';

/** The language server as a program: `--node-ipc` from the extension, `--stdio` from any other editor. */
startServer(createConnection(ProposedFeatures.all), {
  env: process.env,
  createSandbox: (choice, signal) => createSandbox({ ...choice, env: process.env }, signal),
  miner: createMiner({ env: process.env }),
});
