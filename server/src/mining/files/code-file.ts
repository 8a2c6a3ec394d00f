/** Whether a file is a notebook by its name. */
export function isNotebook(file: string): boolean {
  return file.endsWith('.ipynb');
}

/** Whether a file holds code that is read as a module: a Python file or a notebook. */
export function isCodeFile(file: string): boolean {
  return file.endsWith('.py') || isNotebook(file);
}

/** Outputs, pictures among them, make a notebook's file many times as large as its code. */
const timesOfNotebook = 8;

/** The largest file that is read, in bytes, where a Python file may have `maxFileBytes`. Of a notebook, the code may not have more. */
export function maxBytesOf(file: string, maxFileBytes: number): number {
  return isNotebook(file) ? timesOfNotebook * maxFileBytes : maxFileBytes;
}
