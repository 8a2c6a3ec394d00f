import type { ImageBackend } from '../image.ts';
import { furtherVariants, type ImageVariant, imageVariants } from '../image-variants.ts';
import { PyodideImage } from './pyodide-image.ts';
import { Snapshots } from './snapshots.ts';

/**
 * Python as WebAssembly, everywhere. It is about half as fast as the machine's own, so its limits are wider. `cache` is a
 * folder of this user's for snapshots of its memory.
 */
export function pyodideBackend(cache: string): ImageBackend {
  const snapshots = new Snapshots(cache);
  return {
    name: 'pyodide',
    limits: { cpuMs: 2_000, wallMs: 3_500, memoryMb: 96, outputBytes: 16_384 },
    packages: new Set(),
    images: ({ memoryMb }) => {
      const start =
        (...variants: readonly ImageVariant[]) =>
        (signal: AbortSignal) =>
          PyodideImage.start({ variants, memoryMb, snapshots }, signal);
      const [a, b, c] = imageVariants;
      // Those that few programs need share a process, which is a quarter of the memory.
      return { each: [start(a), start(b), start(c)], further: start(...furtherVariants) };
    },
  };
}
