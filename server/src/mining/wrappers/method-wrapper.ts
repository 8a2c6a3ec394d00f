import { parametersOf } from '../entry-signature.ts';
import { combine, type Pool, poolsOf } from '../generate/generate-calls.ts';
import { hintType } from '../generate/hint-type.ts';
import { sampleValues } from '../generate/sample-values.ts';
import type { Module, Statement } from '../slicing/module.ts';
import type { Sliced } from '../slicing/program.ts';
import {
  childIn,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from '../syntax/syntax.ts';
import type { Unit } from '../units.ts';
import { freeName, type Wrapper } from './wrapper.ts';

/** How a method is called. */
type Binding = 'instance' | 'class' | 'static' | 'property';

/** The class statement at the top of the module that a method belongs to; undefined where it stands deeper. */
export function classOf(module: Module, { symbol }: Pick<Unit, 'symbol'>): Statement | undefined {
  const [name, method, ...deeper] = symbol.split('.');
  if (name === undefined || method === undefined || deeper.length > 0) return undefined;
  return module.definitions.get(name)?.findLast(({ node }) => undecorated(node).type === 'class_definition');
}

/**
 * A method made into a program: `Stack.push` becomes `stack_push(items, value)`, which makes a `Stack(items)` and returns what
 * `push(value)` gives, or where that gives nothing what the object holds then. Undefined where the class or the method needs
 * what has no literals.
 */
export function methodWrapper(
  module: Module,
  unit: Unit,
  owner: Statement,
  sliced: Sliced,
  count: number,
): Wrapper | undefined {
  const { tree } = module;
  const [className = '', method = ''] = unit.symbol.split('.');
  const binding = bindingOf(tree, unit);
  const made = binding === 'static' || binding === 'class' ? [] : constructorPools(tree, owner);
  if (made === undefined) return undefined;
  const definition = undecorated(unit.node);
  const own = poolsOf(tree, definition, unit.parameters).slice(binding === 'static' ? 0 : 1);
  // An object made of nothing has nothing to tell.
  const building = required(made, 1);
  const giving = binding === 'property' ? [] : required(own, 1);
  if (building === undefined || giving === undefined || building.length + giving.length === 0)
    return undefined;
  const entry = freeName(sliced, [`${snakeCase(className)}_${method.replace(/^_+/, '')}`, `call_${method}`]);
  if (entry === undefined) return undefined;
  const taken = new Set(building.map(({ name }) => name));
  const renamed = giving.map((pool) => ({
    ...pool,
    given: taken.has(pool.name) ? `${pool.name}_given` : pool.name,
  }));
  const names = [...building.map(({ name }) => name), ...renamed.map(({ given }) => given)];
  const subject =
    binding === 'static' || binding === 'class'
      ? className
      : `${className}(${building.map(({ name }) => name).join(', ')})`;
  const access =
    binding === 'property'
      ? `${subject}.${method}`
      : `${subject}.${method}(${renamed.map(({ given }) => given).join(', ')})`;
  const text = `def ${entry}(${names.join(', ')}):\n    return ${access}\n`;
  const variable = names.includes('made') ? 'thing' : 'made';
  const seen = isIterable(tree, owner) ? `list(${variable})` : `vars(${variable})`;
  const afterwards = `def ${entry}(${names.join(', ')}):\n    ${variable} = ${subject}\n    ${access.replace(subject, variable)}\n    return ${seen}\n`;
  const pools = [...building, ...giving].map((pool) => ({ ...pool, isRequired: true }));
  const calls = combine(pools, count);
  return binding === 'instance' ? { entry, text, afterwards, calls } : { entry, text, calls };
}

/** The parameters that must be given, at least some of the others; undefined where one of them takes no literal. */
function required(pools: readonly Pool[], atLeast = 0): readonly Pool[] | undefined {
  const needed = pools.findLastIndex(({ isRequired }) => isRequired) + 1;
  const used = pools.slice(0, Math.max(needed, Math.min(atLeast, pools.length)));
  const usable = used.findIndex(({ values }) => values.length === 0);
  if (usable === -1) return used;
  return usable < needed ? undefined : used.slice(0, usable);
}

function bindingOf(tree: SyntaxTree, { node }: Unit): Binding {
  const decorators = tree.text.slice(node.start, undecorated(node).start);
  if (/@staticmethod\b/.test(decorators)) return 'static';
  if (/@classmethod\b/.test(decorators)) return 'class';
  return /@(functools\.)?(cached_)?property\b/.test(decorators) ? 'property' : 'instance';
}

/** Whether an object shows what it holds when it is gone through. */
function isIterable(tree: SyntaxTree, owner: Statement): boolean {
  const definition = undecorated(owner.node);
  const bases = childIn(definition, 'superclasses');
  return (
    /\bdef __iter__\b/.test(textOf(tree, definition)) ||
    (bases !== undefined &&
      /\b(list|dict|set|deque|OrderedDict|UserList|UserDict)\b/.test(textOf(tree, bases)))
  );
}

/** What making an object takes: of `__init__`, of a dataclass's fields, or of a builtin type that it extends. */
function constructorPools(tree: SyntaxTree, owner: Statement): readonly Pool[] | undefined {
  const definition = undecorated(owner.node);
  const body = childIn(definition, 'body');
  if (body === undefined) return undefined;
  const methods = namedChildren(body)
    .map(undecorated)
    .filter(({ type }) => type === 'function_definition');
  const named = (name: string) =>
    methods.find((method) => {
      const its = childIn(method, 'name');
      return its !== undefined && textOf(tree, its) === name;
    });
  const init = named('__init__') ?? named('__new__');
  const pools = init === undefined ? [] : poolsOf(tree, init, parametersOf(tree, init)).slice(1);
  if (pools.length > 0) return pools;
  if (/@(dataclasses\.)?dataclass\b/.test(tree.text.slice(owner.node.start, definition.start)))
    return fieldPools(tree, body);
  const bases = childIn(definition, 'superclasses');
  const names = bases === undefined ? [] : namedChildren(bases).map((base) => textOf(tree, base));
  if (init !== undefined && parametersOf(tree, init).variadic === null) return [];
  if (names.length === 0 || names.every((name) => name === 'object')) return [];
  const [base = ''] = names;
  const type =
    /^(int|float|str|bytes|list|dict|set|frozenset|tuple|OrderedDict|UserDict|UserList|deque|Counter)$/.test(
      base.replace(/^.*\./, ''),
    )
      ? hintType(
          base
            .replace(/User(Dict|List)/, (_, name: string) => name.toLowerCase())
            .replace(/^.*\.|OrderedDict|Counter/g, 'dict')
            .replace('deque', 'list'),
        )
      : undefined;
  if (type === undefined) return undefined;
  return [{ name: 'content', isRequired: true, values: sampleValues(type, 8, { texts: [], integers: [] }) }];
}

/** Fields of a dataclass in order: `x: int = 0`. */
function fieldPools(tree: SyntaxTree, body: SyntaxNode): Pool[] {
  const fields: Pool[] = [];
  for (const statement of namedChildren(body)) {
    const [assignment] = statement.type === 'expression_statement' ? namedChildren(statement) : [];
    const hint = assignment?.type === 'assignment' ? childIn(assignment, 'type') : undefined;
    const name = assignment === undefined ? undefined : childIn(assignment, 'left');
    if (assignment === undefined || hint === undefined || name === undefined) continue;
    const written = textOf(tree, hint);
    if (/\bClassVar\b/.test(written)) continue;
    const type = hintType(written);
    fields.push({
      name: textOf(tree, name),
      isRequired: childIn(assignment, 'right') === undefined,
      values: type === undefined ? [] : sampleValues(type, 8, { texts: [], integers: [] }),
    });
  }
  return fields;
}

function snakeCase(name: string): string {
  return name
    .replace(/^_+/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
