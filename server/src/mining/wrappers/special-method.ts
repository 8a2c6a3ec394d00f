/**
 * How a special method is asked: by what calls it. `subject` is an expression for the object, `given` are the arguments as they are
 * written; the text is an expression, or a statement after which the object is asked what it holds.
 */
export type SpecialForm =
  | { readonly type: 'expression'; readonly text: (subject: string, given: readonly string[]) => string }
  | { readonly type: 'statement'; readonly text: (subject: string, given: readonly string[]) => string }
  /** Of an operator: the other operand may be of the same class. */
  | { readonly type: 'operator'; readonly text: (subject: string, given: readonly string[]) => string }
  /** Making the object is the call. */
  | { readonly type: 'making' };

const operator = (symbol: string): SpecialForm => ({
  type: 'operator',
  text: (subject, [other = '']) => `${subject} ${symbol} ${other}`,
});
const reflected = (symbol: string): SpecialForm => ({
  type: 'expression',
  text: (subject, [other = '']) => `${other} ${symbol} ${subject}`,
});
const inPlace = (symbol: string): SpecialForm => ({
  type: 'statement',
  text: (subject, [other = '']) => `${subject} ${symbol}= ${other}`,
});
const builtin = (name: string): SpecialForm => ({
  type: 'expression',
  text: (subject, given) => `${name}(${[subject, ...given].join(', ')})`,
});

const arithmetic: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  matmul: '@',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  lshift: '<<',
  rshift: '>>',
  and: '&',
  or: '|',
  xor: '^',
};

const forms: ReadonlyMap<string, SpecialForm> = new Map<string, SpecialForm>([
  ...Object.entries(arithmetic).flatMap(([name, symbol]): [string, SpecialForm][] => [
    [`__${name}__`, operator(symbol)],
    [`__r${name}__`, reflected(symbol)],
    [`__i${name}__`, inPlace(symbol)],
  ]),
  ...Object.entries({ eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }).map(
    ([name, symbol]): [string, SpecialForm] => [`__${name}__`, operator(symbol)],
  ),
  ...[
    'len',
    'abs',
    'repr',
    'str',
    'bool',
    'int',
    'float',
    'complex',
    'round',
    'divmod',
    'format',
    'bytes',
    'hash',
  ].map((name): [string, SpecialForm] => [`__${name}__`, builtin(name)]),
  ['__iter__', builtin('list')],
  ['__getattr__', builtin('getattr')],
  ['__reversed__', { type: 'expression', text: (subject) => `list(reversed(${subject}))` }],
  ['__neg__', { type: 'expression', text: (subject) => `-${subject}` }],
  ['__pos__', { type: 'expression', text: (subject) => `+${subject}` }],
  ['__invert__', { type: 'expression', text: (subject) => `~${subject}` }],
  ['__next__', builtin('next')],
  ['__contains__', { type: 'expression', text: (subject, [item = '']) => `${item} in ${subject}` }],
  ['__getitem__', { type: 'expression', text: (subject, [key = '']) => `${subject}[${key}]` }],
  ['__missing__', { type: 'expression', text: (subject, [key = '']) => `${subject}[${key}]` }],
  ['__call__', { type: 'expression', text: (subject, given) => `${subject}(${given.join(', ')})` }],
  [
    '__setitem__',
    { type: 'statement', text: (subject, [key = '', value = '']) => `${subject}[${key}] = ${value}` },
  ],
  ['__delitem__', { type: 'statement', text: (subject, [key = '']) => `del ${subject}[${key}]` }],
  ['__init__', { type: 'making' }],
  ['__post_init__', { type: 'making' }],
  ['__new__', { type: 'making' }],
]);

/** How a special method is asked; undefined where nothing of the language that a program would write calls it. */
export function specialForm(name: string): SpecialForm | undefined {
  return forms.get(name);
}
