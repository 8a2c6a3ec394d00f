import { Command, InvalidArgumentError, Option } from 'commander';
import type { Store } from '../store/store.ts';
import { type CliContext, typed } from './context.ts';
import { eventText } from './event-text.ts';
import { failureMessage } from './failure.ts';
import { writeRecord } from './ndjson.ts';
import { storeOption } from './options.ts';
import { existingFolder, openFolderStore } from './parts.ts';
import { block } from './text-layout.ts';

/** Lines read at once: memory holds so many, however long the log is. */
const linesAtOnce = 500;

interface LogFlags {
  readonly since?: string;
  readonly json: boolean;
  readonly store?: string;
}

/** `autodidact log`: what was executed, sent and decided. */
export function logCommand(context: CliContext): Command {
  return new Command('log')
    .description('tell what was executed, sent and decided in a folder; oldest first')
    .argument('[folder]', 'the workspace', '.')
    .addOption(
      new Option('--since <time>', 'only from then on: 2h, 3d, 2026-01-31 or 2026-01-31T08:00Z').argParser(
        (text) => sinceTime(text, Date.now()),
      ),
    )
    .option('--json', 'one JSON object a line', false)
    .addOption(storeOption())
    .action(async (named: string, flags: LogFlags) => {
      const folder = await existingFolder(named, context);
      const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
      try {
        const told = await tell(store, flags, context);
        if (told > 0) return;
        const first = flags.since === undefined ? ` Begin with: ${typed('play FOLDER', context.env)}` : '';
        context.stderr.write(`The log of ${store.path} has no such lines.${first}\n`);
      } finally {
        await store.close();
      }
    });
}

async function tell(
  store: Store,
  { since, json }: LogFlags,
  { stdout, signal }: CliContext,
): Promise<number> {
  let told = 0;
  for (let after = 0; ; ) {
    const lines = await store
      .auditLog({ after, limit: linesAtOnce, ...(since === undefined ? {} : { since }) })
      .catch(failureMessage);
    for (const line of lines) {
      if (json) await writeRecord(stdout, line, signal);
      else stdout.write(`${block(line.at, 0)}\n${block(eventText(line.event))}\n`);
    }
    told += lines.length;
    const last = lines.at(-1);
    if (last === undefined || lines.length < linesAtOnce) return told;
    signal.throwIfAborted();
    after = last.number;
  }
}

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time that a person gave, as ISO 8601 in UTC: a span before `now` (milliseconds since 1970), or a date. Throws for commander. */
export function sinceTime(text: string, now: number): string {
  const span = /^(?<count>\d{1,6})(?<unit>[mhd])$/.exec(text)?.groups;
  const time =
    span === undefined
      ? dateTime(text)
      : now - Number(span['count']) * units[span['unit'] as keyof typeof units];
  if (!Number.isFinite(time) || Math.abs(time) > 8.64e15)
    throw new InvalidArgumentError('Give 90m, 2h, 3d, a date 2026-01-31 or a time 2026-01-31T08:00Z.');
  return new Date(time).toISOString();
}

/** Other texts that JavaScript takes for dates (`1`) are none. */
function dateTime(text: string): number {
  return /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
}
