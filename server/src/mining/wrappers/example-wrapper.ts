import { writeCall } from '../../values/literal-writer.ts';
import type { FoundCall } from '../calls/call-index.ts';
import type { Example } from '../examples/example.ts';
import { isCodeFile } from '../files/code-file.ts';
import { type Inputs, inputsFrom } from '../generate/inputs.ts';
import { nothingNamed } from '../generate/named-values.ts';
import { poolOf } from '../generate/pool.ts';
import { typeOfValue } from '../generate/value-type.ts';
import { createPacer } from '../pacer.ts';
import { parsePython } from '../python-parser.ts';
import { type Module, readModule, type Statement } from '../slicing/module.ts';
import { type Sliced, sliceProgram } from '../slicing/program.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import type { Workspace } from '../workspace.ts';
import { seenAs, type View } from './views.ts';

/** What a program returns: what its example gives, or what that was called of; seen one way, or with null as it is. */
export interface ExampleForm {
  readonly of: 'result' | 'subject';
  readonly view: View | null;
}

/** An example made into a program, with the calls that stand in the workspace and others like them. */
export interface ExampleProgram {
  readonly entry: string;
  /** The program in one form; undefined where there is none. */
  sliced(form: ExampleForm): Promise<Sliced | undefined>;
  readonly found: readonly FoundCall[];
  readonly inputs: Inputs;
}

/**
 * Makes examples that differ in their literals only into a program whose entry takes these. Undefined where it needs what cannot be
 * taken along, or does not come to use the unit.
 */
export async function exampleProgram(
  { module, owner, name }: { readonly module: Module; readonly owner: Statement; readonly name: string },
  examples: readonly Example[],
  count: number,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<ExampleProgram | undefined> {
  const [first] = examples;
  if (first === undefined) return undefined;
  const loaded = isCodeFile(first.file) ? await workspace.load(first.file, signal) : undefined;
  const around = loaded?.ok === true ? loaded.module : module;
  const entry = entryName(name, `${around.tree.text}${first.lines.join()}${first.result}`);
  const slice = async (form: ExampleForm) => {
    const text = entryText(entry, first, form);
    const written = text && (await writtenIn(around, text, first.imports, signal));
    if (!written) return undefined;
    const [statement] = written.statements;
    const sliced = statement && (await sliceProgram(written, statement, workspace, signal));
    if (sliced?.ok !== true || !sliced.pieces.some(({ statement: its }) => its === owner)) return undefined;
    return sliced;
  };
  // Most that cannot be taken along shows here, before anything runs.
  if ((await slice({ of: 'result', view: null })) === undefined) return undefined;
  const pools = first.parameters.map(({ name: parameter, value }) => {
    const pool = poolOf(parameter, [typeOfValue(value)], nothingNamed, { isRequired: true });
    return { ...pool, values: [value, ...pool.values] };
  });
  return { entry, sliced: slice, found: examples.map(foundCall), inputs: inputsFrom(pools, count) };
}

function foundCall({ parameters, source, file, line }: Example): FoundCall {
  const call = parameters.map(({ value }) => value);
  return { call, text: writeCall(call), source, file, line };
}

function entryText(
  entry: string,
  { parameters, lines, result, subject }: Example,
  { of, view }: ExampleForm,
): string | undefined {
  const seen = of === 'subject' ? subject : result;
  if (seen === null) return undefined;
  const shown = seenAs(view, seen);
  const before = of === 'subject' ? [...lines, result] : lines;
  const body = [...before, `return ${shown}`].flatMap((each) => each.split('\n'));
  const indented = body.map((line) => (line === '' ? '' : `    ${line}`));
  return `def ${entry}(${parameters.map(({ name }) => name).join(', ')}):\n${indented.join('\n')}\n`;
}

/** `groupby` is shown by `groupby_example`; by `groupby_example_2` where that is something already. */
function entryName(name: string, text: string): string {
  const wanted = `${name.replace(/^_+/, '')}_example`;
  let entry = wanted;
  for (let number = 2; text.includes(entry); number += 1) entry = `${wanted}_${number}`;
  return entry;
}

/** Reads text as if it stood in a module. */
export async function writtenIn(
  around: Module,
  text: string,
  imports: readonly ImportedName[],
  signal: AbortSignal,
): Promise<Module> {
  const written = await readModule(around.file, around.fileHash, parsePython(text), createPacer(signal));
  const own = Map.groupBy(imports, ({ local }) => local);
  return { ...written, imports: own, around };
}
