import type { Action, Finding } from './finding.ts';

const doing: Readonly<Record<Action, string>> = {
  'prefer-harder': 'Longer programs are played for a while.',
  'prefer-easier': 'Shorter programs are played for a while.',
  'avoid-guessable': 'Tasks with few possible outputs are left out for a while.',
  'raise-novelty': 'For a while proposals are about the functions that least was proposed about.',
  'pause-proposals': 'No proposals are asked for, for a while.',
  'stop-pseudo-labels': 'No more pseudo-labels are asked for with this version of the model.',
  stop: 'The run ends here.',
};

/** A monitor's finding as a line for a person. */
export function findingText({ monitor, action, kind, detail }: Finding): string {
  return `Monitor ${monitor}${kind === null ? '' : ` (${kind})`}: ${detail} ${doing[action]}`;
}
