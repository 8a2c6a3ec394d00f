import { readValue } from '../../values/literal-reader.ts';
import type { Call, Value } from '../../values/value.ts';
import { type Parameters, takesCount } from '../entry-signature.ts';
import type { Arguments } from './call-sites.ts';

/**
 * The argument tuple that means the same as a call with named arguments. Defaults that stand before a named one are filled in
 * where they are literals. Undefined where the signature does not allow it, or does not take the arguments at all.
 */
export function positionalCall({ positional, named }: Arguments, parameters: Parameters): Call | undefined {
  const call: Value[] = [...positional];
  const byName = new Map(named);
  const filled = parameters.positional.findLastIndex(({ name }) => byName.has(name));
  for (const parameter of parameters.positional.slice(call.length, filled + 1)) {
    const value = byName.get(parameter.name) ?? defaultValue(parameter.default);
    if (value === undefined) return undefined;
    byName.delete(parameter.name);
    call.push(value);
  }
  // What is left cannot be given by position, or was given twice.
  return byName.size === 0 && takesCount(parameters, call.length) ? call : undefined;
}

function defaultValue(source: string | null): Value | undefined {
  const read = source === null ? undefined : readValue(source);
  return read?.ok ? read.value : undefined;
}
