import { writeCall } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import type { FoundCall } from '../calls/call-index.ts';
import { inputsFrom } from '../generate/inputs.ts';
import { helpersIn } from '../generate/named-values.ts';
import { type Pool, poolsOf } from '../generate/pool.ts';
import { isDefault, type MadeCall } from '../recording/recorded-calls.ts';
import type { Module, Statement } from '../slicing/module.ts';
import type { Sliced } from '../slicing/program.ts';
import { childIn, type SyntaxTree, textOf, undecorated } from '../syntax/syntax.ts';
import type { Unit } from '../units.ts';
import { constructorPools } from './constructor-pools.ts';
import { type Argument, EntryParameters, literal, reversed } from './entry-parameters.ts';
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

/** Where a method's calls come from. */
export interface MethodCalls {
  /** How many are made up. */
  readonly count: number;
  /** Those that were recorded. */
  readonly recorded: readonly MadeCall[];
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
  { count, recorded }: MethodCalls,
): Wrapper[] {
  const shape = methodShape(module, unit, owner, sliced);
  if (shape === undefined) return [];
  const { form, made, parameters, isMaking } = shape;
  const asRecorded = isMaking ? undefined : recordedShape(made, parameters, recorded);
  const wrappers: Wrapper[] = [];
  if (asRecorded !== undefined) {
    const { building, giving, found } = asRecorded;
    wrappers.push(
      ...written(form, building.map(literal), giving.map(literal), count)
        .map((wrapper) => ({ ...wrapper, found }))
        .slice(-1),
    );
  }
  if (count === 0) return wrappers;
  // An object made of nothing has nothing to tell.
  const building = required(made, 1);
  const giving = required(parameters, 1);
  if (building === undefined || giving === undefined || building.length + giving.length === 0)
    return wrappers;
  return [...wrappers, ...written(form, building.map(literal), giving.map(literal), count)];
}

/** What a method takes, and how it is called; undefined where that is not known. */
export function methodShape(module: Module, unit: Unit, owner: Statement, sliced: Sliced) {
  const { tree } = module;
  const [className = '', method = ''] = unit.symbol.split('.');
  const binding = bindingOf(tree, unit);
  const isMadeOf = binding === 'instance' || binding === 'property';
  const made = isMadeOf ? constructorPools({ module, statement: owner }, sliced.pieces) : [];
  if (made === undefined) return undefined;
  const definition = undecorated(unit.node);
  const isMaking = specialForm(method)?.type === 'making';
  const takesNothing = binding === 'property' || isMaking;
  const parameters = poolsOf(tree, definition, unit.parameters, helpersIn(sliced)).slice(
    binding === 'static' ? 0 : 1,
  );
  const plainName = method.replace(/^_+|_+$/g, '');
  const entry = freeName(sliced, [`${snakeCase(className)}_${plainName}`, `call_${plainName}`]);
  if (entry === undefined) return undefined;
  const form: MethodForm = { tree, owner, className, method, binding, entry };
  return { form, made, parameters: takesNothing ? [] : parameters, isMaking };
}

/** A method, as its wrappers are written. */
export interface MethodForm {
  readonly tree: SyntaxTree;
  readonly owner: Statement;
  readonly className: string;
  readonly method: string;
  readonly binding: Binding;
  readonly entry: string;
}

/** The wrappers that give these arguments to the class and to the method. */
export function written(
  { tree, owner, className, method, binding, entry }: MethodForm,
  building: readonly Argument[],
  giving: readonly Argument[],
  count: number,
  reserved: readonly string[] = [className],
): Wrapper[] {
  const special = specialForm(method);
  const entryParameters = new EntryParameters(reserved);
  const own = building.map((argument) => entryParameters.add(argument));
  const given = giving.map((argument) => entryParameters.add(argument, (name) => `${name}_given`));
  const names = entryParameters.names;
  const make = (args: readonly string[]) =>
    binding === 'static' || binding === 'class' ? className : `${className}(${args.join(', ')})`;
  const access = (of: string, by: readonly string[] = given) => {
    if (binding === 'property') return `${of}.${method}`;
    return special === undefined || special.type === 'making'
      ? `${of}.${method}(${by.join(', ')})`
      : special.text(of, by);
  };
  const subject = make(own);
  const head = (all: readonly string[]) => `def ${entry}(${all.join(', ')}):\n`;
  const variable = names.includes('made') ? 'thing' : 'made';
  const seen = isIterable(tree, owner) ? `list(${variable})` : `vars(${variable})`;
  const after = (statements: string) =>
    `${head(names)}    ${variable} = ${subject}\n${statements}    return ${seen}\n`;
  const afterwards = after(`    ${access(variable)}\n`);
  const inputs = count === 0 ? null : inputsFrom(entryParameters.pools, count);
  if (special?.type === 'making') return [{ entry, text: after(''), inputs }];
  if (special?.type === 'statement') return [{ entry, text: afterwards, inputs }];
  const text = `${head(names)}    return ${access(subject)}\n`;
  const plain: Wrapper =
    binding === 'instance' ? { entry, text, afterwards, inputs } : { entry, text, inputs };
  if (special?.type !== 'operator' || building.length === 0) return [plain];
  // Most operators join two of a kind.
  const both = new EntryParameters(reserved);
  const one = make(building.map((argument) => both.add(argument)));
  const other = make(building.map((argument) => both.add(reversed(argument), (name) => `other_${name}`)));
  const joined = `${head(both.names)}    return ${access(one, [other])}\n`;
  return [{ entry, text: joined, inputs: count === 0 ? null : inputsFrom(both.pools, count) }, plain];
}

/** As many parameters of the class and of the method as the recorded calls need, with those calls; undefined where there are none. */
function recordedShape(made: readonly Pool[], parameters: readonly Pool[], recorded: readonly MadeCall[]) {
  const fitting = recorded.filter(
    (call) => call.made.length <= made.length && call.args.length <= parameters.length,
  );
  if (fitting.length === 0) return undefined;
  const needed = (pools: readonly Pool[], calls: readonly Call[]) => {
    const said = calls.map(
      (call) => call.findLastIndex((value, index) => !isDefault(value, pools[index])) + 1,
    );
    return Math.max(...said, pools.findLastIndex(({ isRequired }) => isRequired) + 1);
  };
  const building = made.slice(
    0,
    needed(
      made,
      fitting.map((call) => call.made),
    ),
  );
  const giving = parameters.slice(
    0,
    needed(
      parameters,
      fitting.map(({ args }) => args),
    ),
  );
  const found = new Map<string, FoundCall>();
  for (const call of fitting) {
    if (call.made.length < building.length || call.args.length < giving.length) continue;
    const its = [...call.made.slice(0, building.length), ...call.args.slice(0, giving.length)];
    const text = writeCall(its);
    found.set(text, { call: its, text, source: 'recorded', file: call.test, line: null });
  }
  if (found.size === 0 || building.length + giving.length === 0) return undefined;
  return { building, giving, found: [...found.values()] };
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
