import type { Status } from '../../../protocol/status.ts';
import type { Activity, Engine, MiningActivity } from './engine.ts';
import type { PlayerState } from './player.ts';

/** How everything stands in one status: what a person should know first. */
export function overallStatus(trusted: boolean, engines: readonly Engine[], player: PlayerState): Status {
  if (!trusted) return { state: 'restricted' };
  const mining = engines.map(({ activity }) => activity).filter(isMining);
  if (mining.length > 0) {
    return {
      state: 'mining',
      filesDone: sum(mining.map(({ filesDone }) => filesDone)),
      files: sum(mining.map(({ files }) => files)),
      seeds: sum(mining.map(({ seeds }) => seeds)),
      sandbox: mining.find(({ sandbox }) => sandbox !== '')?.sandbox ?? '',
    };
  }
  if (player.state !== 'stopped' && player.state !== 'paused') return player;
  for (const { activity } of engines) {
    if (activity.type === 'problem') {
      return { state: 'problem', reason: activity.reason, detail: activity.detail };
    }
  }
  if (player.state === 'paused') return player;
  if (engines.some(({ activity }) => activity.type === 'opening')) {
    return { state: 'starting', what: 'Reading the tasks' };
  }
  return {
    state: 'idle',
    seeds: sum(engines.map(({ seeds }) => seeds)),
    tasks: sum(engines.map(({ index }) => index.size)),
  };
}

function isMining(activity: Activity): activity is MiningActivity {
  return activity.type === 'mining';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
