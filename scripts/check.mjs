import { runChecks } from './checks.mjs';
import { runMain } from './say.mjs';

/** `npm run check`: format, lint and types of everything. */

await runMain(async (signal) => ((await runChecks(signal)).failed.length > 0 ? 1 : 0));
