/** The part of WebAssembly's interface that the import lock uses; Node's own types leave it to the browser's. */
declare namespace WebAssembly {
  type ImportValue = object | number | ((...args: never[]) => unknown);
  type Imports = Record<string, Record<string, ImportValue>>;
  class Module {
    private constructor();
    static imports(
      module: Module,
    ): { readonly module: string; readonly name: string; readonly kind: string }[];
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  function compile(source: ArrayBufferView | ArrayBuffer): Promise<Module>;
  function instantiate(
    source: Module | ArrayBufferView | ArrayBuffer,
    imports?: Imports,
  ): Promise<Instance | { readonly instance: Instance; readonly module: Module }>;
}
