import { InvalidArgumentError, Option } from 'commander';
import { Kind } from '../../../protocol/kind.ts';
import { PresetName } from '../../../protocol/preset.ts';
import { CallSource } from '../../../protocol/seed.ts';
import { Settings } from '../../../protocol/settings.ts';
import { namedPreset } from '../selfplay/presets/named-preset.ts';
import { defaultModel } from './parts.ts';

/** Options that several commands take, each said once. */
export const modelOption = () =>
  new Option('--model <name>', 'the Ollama model to ask').default(defaultModel);
export const storeOption = () =>
  new Option('--store <folder>', 'keep the records there instead of in the user data folder');
export const kindOption = (kinds: readonly Kind[] = Kind.options) =>
  new Option('--kind <kind>', 'which kind of task').choices(kinds);
export const offlineOption = () => new Option('--offline', 'use only what is on this machine').default(false);
export const keepOption = () =>
  new Option('--keep', 'leave an Ollama that we started running').default(false);
export const backendOption = () =>
  new Option('--backend <name>', 'what runs the programs; auto takes the fastest that works here')
    .choices(['auto', 'native', 'pyodide'])
    .default('auto');
export const pythonOption = () =>
  new Option(
    '--python <path>',
    'interpreter of the native backend (default: of the folder’s .venv or venv, else python3)',
  );
export const packagesOption = () =>
  new Option(
    '--packages',
    'let programs import what is installed in the interpreter of the native backend',
  ).default(false);
export const sourcesOption = () =>
  new Option(
    '--sources <list>',
    `where calls may come from, all that are wanted, separated by commas: ${CallSource.options.join(', ')}; recorded runs the folder’s tests, model asks the model (default: all but these two)`,
  ).argParser(sourceList);
export const splitOption = () =>
  new Option(
    '--split <rule>',
    'which functions are held out: unit (by name, 40 %), package, commit-date:DAY,DAY (gate from the first day on, test from the second) or none (default: unit)',
  ).argParser(splitRule);
export const endpointOption = () =>
  new Option(
    '--endpoint <url>',
    'a server to ask, again for each: ollama+http://HOST:PORT or openai+https://HOST/v1, with ?slots=N (requests at once) and &key=NAME (the variable with its API key)',
  )
    .argParser(oneMore)
    .default([], 'Ollama on this machine');
export const allowRemoteOption = () =>
  new Option('--allow-remote <model>', 'a model that may be asked although it runs on another machine')
    .argParser(oneMore)
    .default([], 'none');
export const quietOption = () =>
  new Option('--quiet <hours>', 'hours in which playing waits, such as 22:00-07:00')
    .argParser(quietHours)
    .default('', 'none');
export const batteryOption = () =>
  new Option('--battery <percent>', 'wait on battery power at and below this charge; 0: never, 100: always')
    .argParser(charge)
    .default(Settings.parse({})['selfPlay.minBattery']);
export const randomSeedOption = () =>
  new Option('--random-seed <number>', 'makes the same choices again').argParser(wholeNumber);

export const toolsOption = () =>
  new Option(
    '--tools',
    'let the model run Python in the sandbox before it answers, where that does not give the answer away (docs/self-play.md)',
  );
export const noToolsOption = () => new Option('--no-tools', 'do not, whatever the preset says');

export const presetOption = () =>
  new Option(
    '--preset <name>',
    `what is asked and paid: ${PresetName.options.map((name) => `${name} (${namedPreset(name).about})`).join(', ')}`,
  )
    .choices(PresetName.options)
    .default(PresetName.enum.autodidact);

function sourceList(text: string): readonly CallSource[] {
  const read = CallSource.array()
    .min(1)
    .safeParse(text.split(',').map((name) => name.trim()));
  if (!read.success) throw new InvalidArgumentError(`Give some of ${CallSource.options.join(', ')}.`);
  return read.data;
}

function splitRule(text: string): string {
  const read = Settings.shape['mining.split'].safeParse(text);
  if (!read.success)
    throw new InvalidArgumentError('Give unit, package, none or commit-date:2025-01-01,2025-06-01.');
  return read.data;
}

function oneMore(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function quietHours(text: string): string {
  const read = Settings.shape['selfPlay.quietHours'].safeParse(text);
  if (!read.success || text === '')
    throw new InvalidArgumentError('Give times such as 22:00-07:00, several separated by commas.');
  return read.data;
}

function charge(text: string): number {
  const read = Settings.shape['selfPlay.minBattery'].safeParse(Number(text));
  if (!read.success) throw new InvalidArgumentError('Give a whole number from 0 to 100.');
  return read.data;
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('Give a whole number, 0 or more.');
  return number;
}

export function positiveNumber(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return number;
}
