import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain, say } from './say.mjs';
import { buildVsix } from './vsix.mjs';

/** `npm run package`: leaves the extension as `dist/autodidact.vsix`, and says what is in it and how large it is. */

await runMain(async () => {
  const { path, bytes, files } = await buildVsix(dirname(dirname(fileURLToPath(import.meta.url))));
  for (const file of files) say(`  ${file}`);
  say(`${path}: ${files.length} files, ${(bytes / 1024 / 1024).toFixed(1)} MiB.`);
  return 0;
});
