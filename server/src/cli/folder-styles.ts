import { access } from 'node:fs/promises';
import type { ModelInfo } from '../model/endpoint.ts';
import { calibratedStyles } from '../selfplay/calibrated-styles.ts';
import { storePath } from '../store/store-path.ts';
import type { Styles } from '../tasks/styles/style.ts';
import type { CliContext } from './context.ts';
import { openFolderStore } from './parts.ts';

/**
 * The styles in which models are asked, by digest, as calibration found them in a folder; none where it has no records. Of models that are
 * compared, one that was not calibrated is asked as the other is. Nothing is made. Rejects with `StoreError`.
 */
export async function folderStyles(
  folder: string,
  storeFolder: string | undefined,
  models: readonly Pick<ModelInfo, 'name' | 'digest'>[],
  context: CliContext,
): Promise<ReadonlyMap<string, Styles>> {
  const file = await storePath(folder, {
    env: context.env,
    ...(storeFolder === undefined ? {} : { storeFolder }),
  });
  if (!(await exists(file))) return new Map();
  const store = await openFolderStore(folder, storeFolder, context);
  try {
    const own = new Map<string, Styles>();
    for (const { name, digest } of models) {
      const styles = await calibratedStyles(store, digest);
      if (styles === undefined) continue;
      own.set(digest, styles);
      context.stderr.write(`${name} is asked in the styles that \`calibrate\` chose for it.\n`);
    }
    const [any] = own.values();
    return new Map(
      models.flatMap(({ digest }) => {
        const styles = own.get(digest) ?? any;
        return styles === undefined ? [] : [[digest, styles] as const];
      }),
    );
  } finally {
    await store.close();
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
