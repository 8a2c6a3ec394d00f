import { type ImageBackend, type ImageVariant, imageVariants } from '../image.ts';
import { PyodideImage } from './pyodide-image.ts';

/** Python as WebAssembly, everywhere. It is about half as fast as the machine's own, so its limits are wider. */
export function pyodideBackend(): ImageBackend {
  return {
    name: 'pyodide',
    limits: { cpuMs: 2_000, wallMs: 3_500, memoryMb: 96, outputBytes: 16_384 },
    images: ({ memoryMb }) => {
      const start = (variant: ImageVariant) => (signal: AbortSignal) =>
        PyodideImage.start({ ...variant, memoryMb }, signal);
      const [a, b, c] = imageVariants;
      return [start(a), start(b), start(c)];
    },
  };
}
