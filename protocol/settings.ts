import { z } from 'zod';
import { PresetName } from './preset.ts';
import { CallSource, usualSources } from './seed.ts';

const Day = z.iso.date();

/** Ranges of the day such as `22:00-07:00`, separated by commas; empty: none. The manifest has the same pattern. */
const quietHoursPattern =
  /^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d(,([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)*)?$/;

/** Every setting with its default. The manifest's `contributes.configuration` and the command line's config file are tested against it. */
export const Settings = z.object({
  /** Ollama's address, as its own client reads `OLLAMA_HOST`; empty: that variable, else 127.0.0.1:11434. */
  'ollama.host': z.string().default(''),
  /** The model that proposes and solves; empty: ask. */
  'model.name': z.string().default(''),
  /** Servers to ask instead, as `ollama+http://…` or `openai+https://…/v1?slots=8&key=NAME`; none: Ollama as above. */
  'model.endpoints': z.array(z.string()).default([]),
  /** Models that may be asked although they run on another machine. */
  'model.allowRemote': z.array(z.string()).default([]),
  /** What self-play asks and pays (docs/self-play.md, "Presets"). */
  'selfPlay.preset': PresetName.default('autodidact'),
  /** Hours of the day in which a started run waits. */
  'selfPlay.quietHours': z.string().regex(quietHoursPattern).default(''),
  /** On battery power, the charge in percent at and below which a started run waits: 0 never, 100 always. */
  'selfPlay.minBattery': z.number().int().min(0).max(100).default(50),
  /** What runs the workspace's functions and the model's programs; `auto`: the fastest that works here. */
  'sandbox.backend': z.enum(['auto', 'native', 'pyodide']).default('auto'),
  /** Interpreter of the native backend; empty: of the first folder's `.venv` or `venv`, else `python3`. */
  'sandbox.python': z.string().default(''),
  'mining.exclude': z.array(z.string()).default([]),
  /** Where calls of functions may come from. */
  'mining.sources': z.array(CallSource).default([...usualSources]),
  /** How functions are divided into those to learn from and those held out; dates: from which on a file is gate, then test. */
  'mining.split': z
    .string()
    .regex(/^(unit|package|none|commit-date:\d{4}-\d\d-\d\d,\d{4}-\d\d-\d\d)$/)
    .refine((rule) => (rule.match(/\d{4}-\d\d-\d\d/g) ?? []).every((day) => Day.safeParse(day).success))
    .default('unit'),
  /** Programs may import what is installed in the interpreter of the native backend. */
  'mining.packages': z.boolean().default(false),
  /** Mine again what was saved, in folders that were mined before. */
  'mining.onSave': z.boolean().default(true),
  'mining.maxFiles': z.number().int().positive().default(50_000),
  'mining.maxFileKb': z.number().int().positive().default(512),
  'codeLens.enabled': z.boolean().default(true),
});
export type Settings = z.infer<typeof Settings>;
