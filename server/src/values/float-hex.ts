const view = new DataView(new ArrayBuffer(8));
const hexFloat = /^(-?)0x([01])\.([0-9a-f]{13})p([+-](?:0|[1-9][0-9]{0,3}))$/;

const namedFloats: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
  ['0x0.0p+0', 0],
  ['-0x0.0p+0', -0],
]);

/** Python's `float.hex()`: `0x1.8000000000000p+1`, `-0x0.0p+0`, `0x0.0000000000001p-1022`, `inf`, `-inf`, `nan`. Exact. */
export function floatHex(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const sign = bits >> 63n === 0n ? '' : '-';
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = bits & 0xfffffffffffffn;
  if (exponent === 0 && mantissa === 0n) return `${sign}0x0.0p+0`;
  const power = exponent === 0 ? -1022 : exponent - 1023;
  const digits = mantissa.toString(16).padStart(13, '0');
  return `${sign}0x${exponent === 0 ? 0 : 1}.${digits}p${power < 0 ? '' : '+'}${power}`;
}

/** Inverse of `floatHex`; undefined where the text is not one that `floatHex` writes. */
export function parseFloatHex(text: string): number | undefined {
  const named = namedFloats.get(text);
  if (named !== undefined) return named;
  const [, sign, lead, digits, power] = hexFloat.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const exponent = lead === '0' ? 0 : Number(power) + 1023;
  if (exponent < 0 || exponent > 2046) return undefined;
  const signBit = sign === '-' ? 1n << 63n : 0n;
  view.setBigUint64(0, signBit | (BigInt(exponent) << 52n) | BigInt(`0x${digits}`));
  const value = view.getFloat64(0);
  return floatHex(value) === text ? value : undefined;
}
