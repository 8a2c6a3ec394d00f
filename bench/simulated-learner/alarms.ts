import { type MonitorName, monitorNames } from '../../server/src/selfplay/monitors/finding.ts';
import type { Scenario } from './scenarios.ts';
import type { Fired } from './simulate.ts';

/** What the monitors got wrong in one run. */
export interface Alarms {
  /** Monitors that had to fire and did not. */
  readonly missed: readonly MonitorName[];
  /** Monitors that fired and should not have, or before there was anything to see. */
  readonly false: readonly MonitorName[];
}

/** Compares what fired with what a scenario says must and must not. */
export function alarms({ must, may, from }: Scenario, fired: readonly Fired[]): Alarms {
  const times = (monitor: MonitorName) =>
    fired.filter(({ finding }) => finding.monitor === monitor).map(({ at }) => at);
  return {
    missed: must.filter((monitor) => !times(monitor).some((at) => at >= from)),
    false: monitorNames.filter((monitor) =>
      must.includes(monitor)
        ? times(monitor).some((at) => at < from)
        : !may.includes(monitor) && times(monitor).length > 0,
    ),
  };
}
