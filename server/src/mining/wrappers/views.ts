/**
 * What an object that is no literal is asked for, so that a literal comes of it: its items, or texts of them, its text, its
 * attributes, or a text of these.
 */
const views = ['list', 'reprs', 'strs', 'repr', 'str', 'vars', 'state'] as const;
export type View = (typeof views)[number] | 'dict';

const texts: Readonly<Record<View, (expression: string) => string>> = {
  list: (expression) => `list(${expression})`,
  reprs: (expression) => `[repr(item) for item in ${expression}]`,
  strs: (expression) => `[str(item) for item in ${expression}]`,
  repr: (expression) => `repr(${expression})`,
  str: (expression) => `str(${expression})`,
  vars: (expression) => `vars(${expression})`,
  state: (expression) => `repr(vars(${expression}))`,
  dict: (expression) => `dict(${expression})`,
};

/** The expression seen that way; as it is with null. */
export function seenAs(view: View | null, expression: string): string {
  return view === null ? expression : texts[view](expression);
}

/** Whether a view asks how objects are written. */
export function asksForText(view: View | null): boolean {
  return view !== null && view !== 'list' && view !== 'vars' && view !== 'dict';
}

/** Types whose objects say nothing of themselves, however they are asked. */
const silent = new Set([
  'function',
  'method',
  'builtin_function_or_method',
  'type',
  'module',
  'coroutine',
  'async_generator',
]);

/** Types of the standard library that are dictionaries. */
const dictionaries = new Set(['Counter', 'OrderedDict', 'defaultdict', 'mappingproxy', 'ChainMap']);

/**
 * What is tried after a program was asked for what it returns, seen one way or as it is: `type` is that of the objects that were
 * no literals, as the sandbox names it; undefined where none were.
 */
export function viewsAfter(view: View | null, type: string | undefined): readonly View[] {
  // What was asked for its items may have none.
  if (type === undefined) return view === 'list' ? ['vars', 'state'] : [];
  if (view === 'vars') return ['state', 'repr', 'str'];
  if (view === 'list') return views.slice(1);
  if (silent.has(type)) return [];
  return dictionaries.has(type) ? ['dict', 'repr'] : views;
}

/** What a wrapper's text returns, and how it sees that. */
export function returnedBy(text: string): { readonly view: View | null; readonly expression: string } {
  const expression = lastReturn.exec(text)?.[1] ?? '';
  const [, view, inner] = /^(list|vars)\((.*)\)$/.exec(expression) ?? [];
  return inner === undefined
    ? { view: null, expression }
    : { view: view === 'list' ? 'list' : 'vars', expression: inner };
}

/** The wrapper's text with another thing returned. */
export function returning(text: string, expression: string): string {
  return text.replace(lastReturn, () => `\n    return ${expression}\n`);
}

const lastReturn = /\n {4}return (.*)\n$/;
