/** The paths of a JSON value with the types found there, as `logprobs[].token: string`. */
export function shapeOf(value: unknown): ReadonlySet<string> {
  return new Set(paths(value, ''));
}

function paths(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return [`${path}: array`, ...value.flatMap((item) => paths(item, `${path}[]`))];
  if (value === null || typeof value !== 'object') {
    return [`${path}: ${value === null ? 'null' : typeof value}`];
  }
  return Object.entries(value).flatMap(([key, item]) => paths(item, path === '' ? key : `${path}.${key}`));
}
