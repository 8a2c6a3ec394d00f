import type { Seed } from '../../../protocol/seed.ts';
import { losses } from '../mining/losses.ts';
import type { MineEvent, Step } from '../mining/mine-event.ts';

const titles: Readonly<Record<Step, string>> = {
  program: 'program',
  calls: 'calls',
  tried: 'tried',
  asked: 'asked',
  split: 'split',
};
/** As many seeds, and as many lost calls, show what the others are like. */
const maxShown = 8;

/** What became of one function, as far as it was told. */
interface Story {
  readonly lines: string[];
  readonly seeds: Seed[];
  readonly lost: string[];
}

/** For people: each function with what was done with it, what it gave and what was lost, and why. */
export class Explanation {
  readonly #stories = new Map<string, Story>();

  add(event: MineEvent): void {
    if (event.type === 'seed') {
      const { file, symbol } = event.seed.provenance;
      this.#story(file, symbol).seeds.push(event.seed);
    } else if ((event.type === 'step' || event.type === 'loss') && event.symbol !== null) {
      const story = this.#story(event.file, event.symbol);
      if (event.type === 'step') story.lines.push(line(titles[event.step], event.detail));
      else story.lost.push(`${event.loss}: ${losses[event.loss]}${event.detail && ` (${event.detail})`}`);
    }
  }

  /** Whether any function had the name. */
  get isEmpty(): boolean {
    return this.#stories.size === 0;
  }

  get text(): string {
    return [...this.#stories].map(([name, story]) => storyText(name, story)).join('\n');
  }

  #story(file: string, symbol: string): Story {
    const name = `${file}:${symbol}`;
    const known = this.#stories.get(name) ?? { lines: [], seeds: [], lost: [] };
    this.#stories.set(name, known);
    return known;
  }
}

function storyText(name: string, { lines, seeds, lost }: Story): string {
  const programs = Map.groupBy(seeds, ({ program }) => program);
  const kept = [...programs].flatMap(([program, its]) => [
    '',
    ...program
      .trimEnd()
      .split('\n')
      .map((each) => `    ${each}`),
    ...its.slice(0, maxShown).map(({ entry, call, output, provenance }) => {
      const from = provenance.callFile === null ? '' : `, ${provenance.callFile}:${provenance.callLine}`;
      return line('seed', `${entry}${call} → ${output}  (${provenance.source}${from})`);
    }),
    ...more(its.length, 'seeds'),
  ]);
  const shown = lost.slice(0, maxShown).map((each) => line('lost', each));
  const title = `${name}: ${seeds.length === 0 ? 'no seeds' : seeds.length === 1 ? '1 seed' : `${seeds.length} seeds`}`;
  return `${[title, ...lines, ...shown, ...more(lost.length, 'losses'), ...kept].join('\n')}\n`;
}

function line(title: string, text: string): string {
  return `  ${title.padEnd(8)}${text.replaceAll('\n', ' ')}`;
}

function more(count: number, noun: string): string[] {
  return count > maxShown ? [line('', `and ${count - maxShown} more ${noun}`)] : [];
}
