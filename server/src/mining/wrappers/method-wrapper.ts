import { combine, type Pool, poolsOf } from '../generate/generate-calls.ts';
import type { Module, Statement } from '../slicing/module.ts';
import type { Sliced } from '../slicing/program.ts';
import { childIn, type SyntaxTree, textOf, undecorated } from '../syntax/syntax.ts';
import type { Unit } from '../units.ts';
import { constructorPools } from './constructor-pools.ts';
import { specialForm } from './special-method.ts';
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
 * `push(value)` gives, or where that gives nothing what the object holds then; the likeliest form first. None where the class or
 * the method needs what has no literals.
 */
export function methodWrappers(
  module: Module,
  unit: Unit,
  owner: Statement,
  sliced: Sliced,
  count: number,
): Wrapper[] {
  const { tree } = module;
  const [className = '', method = ''] = unit.symbol.split('.');
  const binding = bindingOf(tree, unit);
  const made =
    binding === 'static' || binding === 'class'
      ? []
      : constructorPools({ module, statement: owner }, sliced.pieces);
  if (made === undefined) return [];
  const definition = undecorated(unit.node);
  const parameters = poolsOf(tree, definition, unit.parameters).slice(binding === 'static' ? 0 : 1);
  // An object made of nothing has nothing to tell.
  const building = required(made, 1);
  const isMaking = specialForm(method)?.type === 'making';
  const giving = binding === 'property' || isMaking ? [] : required(parameters, 1);
  if (building === undefined || giving === undefined || building.length + giving.length === 0) return [];
  const special = specialForm(method);
  const plainName = method.replace(/^_+|_+$/g, '');
  const entry = freeName(sliced, [`${snakeCase(className)}_${plainName}`, `call_${plainName}`]);
  if (entry === undefined) return [];
  const taken = new Set(building.map(({ name }) => name));
  const renamed = giving.map((pool) => ({
    ...pool,
    given: taken.has(pool.name) ? `${pool.name}_given` : pool.name,
  }));
  const given = renamed.map((each) => each.given);
  const make = (names: readonly string[]) =>
    binding === 'static' || binding === 'class' ? className : `${className}(${names.join(', ')})`;
  const access = (of: string, by: readonly string[] = given) => {
    if (binding === 'property') return `${of}.${method}`;
    return special === undefined || special.type === 'making'
      ? `${of}.${method}(${by.join(', ')})`
      : special.text(of, by);
  };
  const own = building.map(({ name }) => name);
  const subject = make(own);
  const head = (names: readonly string[]) => `def ${entry}(${names.join(', ')}):\n`;
  const variable = [...own, ...given].includes('made') ? 'thing' : 'made';
  const seen = isIterable(tree, owner) ? `list(${variable})` : `vars(${variable})`;
  const after = (statements: string) =>
    `${head([...own, ...given])}    ${variable} = ${subject}\n${statements}    return ${seen}\n`;
  const afterwards = after(`    ${access(variable)}\n`);
  const pools = [...building, ...giving].map((pool) => ({ ...pool, isRequired: true }));
  const calls = combine(pools, count);
  if (special?.type === 'making') return [{ entry, text: after(''), calls }];
  if (special?.type === 'statement') return [{ entry, text: afterwards, calls }];
  const text = `${head([...own, ...given])}    return ${access(subject)}\n`;
  const plain: Wrapper = binding === 'instance' ? { entry, text, afterwards, calls } : { entry, text, calls };
  if (special?.type !== 'operator' || building.length === 0) return [plain];
  // Most operators join two of a kind.
  const others = building.map((pool) => ({
    ...pool,
    name: `other_${pool.name}`,
    values: pool.values.toReversed(),
  }));
  const otherNames = others.map(({ name }) => name);
  const joined = `${head([...own, ...otherNames])}    return ${access(subject, [make(otherNames)])}\n`;
  const both = [...building, ...others].map((pool) => ({ ...pool, isRequired: true }));
  return [{ entry, text: joined, calls: combine(both, count) }, plain];
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

function snakeCase(name: string): string {
  return name
    .replace(/^_+/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
