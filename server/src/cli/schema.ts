import { Argument, Command } from 'commander';
import { z } from 'zod';
import { AuditLine } from '../../../protocol/audit.ts';
import { Calibration } from '../../../protocol/calibration.ts';
import { Evaluation } from '../../../protocol/evaluation.ts';
import { Group } from '../../../protocol/group.ts';
import { JudgeRecord, JudgeResult } from '../../../protocol/judge.ts';
import { Panel } from '../../../protocol/panel.ts';
import { Report } from '../../../protocol/report.ts';
import { SandboxRunLine, SandboxRunResult } from '../../../protocol/sandbox.ts';
import { Seed } from '../../../protocol/seed.ts';
import { Task } from '../../../protocol/task.ts';
import { Trace } from '../../../protocol/trace.ts';
import { TrainerRecords } from '../../../protocol/trainer.ts';
import type { CliContext } from './context.ts';

/** The records that commands read or write, by the name that a person asks for. */
const records = {
  seed: Seed,
  task: Task,
  group: Group,
  'judge-record': JudgeRecord,
  'judge-result': JudgeResult,
  'sandbox-line': SandboxRunLine,
  'sandbox-result': SandboxRunResult,
  report: Report,
  evaluation: Evaluation,
  calibration: Calibration,
  trace: Trace,
  trainer: TrainerRecords,
  'log-line': AuditLine,
  panel: Panel,
} as const;

const names = Object.keys(records) as (keyof typeof records)[];

/** `autodidact schema`: the JSON Schema of a record, made from the definition that the code itself checks with. */
export function schemaCommand({ stdout }: CliContext): Command {
  return new Command('schema')
    .description('print the JSON Schema of a record that commands read or write')
    .addArgument(new Argument('<record>', 'which one').choices(names))
    .action((name: keyof typeof records) => {
      stdout.write(`${JSON.stringify(z.toJSONSchema(records[name], { io: 'input' }), null, 2)}\n`);
    });
}
