import type { PresetName } from '../../../../protocol/preset.ts';
import { absoluteZero } from './absolute-zero.ts';
import { agent0 } from './agent0.ts';
import { autodidact } from './autodidact.ts';
import { diverse } from './diverse.ts';
import type { Preset } from './preset.ts';

const presets: Readonly<Record<PresetName, Preset>> = {
  autodidact,
  diverse,
  'absolute-zero': absoluteZero,
  agent0,
};

/** The preset of a name. */
export function namedPreset(name: PresetName): Preset {
  return presets[name];
}
