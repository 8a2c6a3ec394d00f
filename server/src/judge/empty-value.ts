import type { Value } from '../values/value.ts';

/** The value that Python's type gives when called without arguments: `0`, `''`, `[]`. */
export function emptyValue(type: Value['type']): Value {
  switch (type) {
    case 'none':
      return { type };
    case 'bool':
      return { type, value: false };
    case 'int':
      return { type, value: 0n };
    case 'float':
      return { type, value: 0 };
    case 'complex':
      return { type, real: 0, imag: 0 };
    case 'str':
      return { type, value: '' };
    case 'bytes':
      return { type, value: new Uint8Array() };
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
      return { type, items: [] };
    case 'dict':
      return { type, entries: [] };
  }
}
