import {
  type ModelsResult,
  modelsList,
  playPause,
  playStart,
  type StartResult,
} from '../../../protocol/messages.ts';
import { problemOf } from '../engine/problem-of.ts';
import { answer, type Feature } from './feature.ts';

/** *Start* and *Pause Self-Play*, and the models to choose from. */
export const playing: Feature = ({ connection, player, options }) => {
  answer(
    connection,
    playStart,
    async ({ takeOver }, signal): Promise<StartResult> =>
      options.trusted ? player.start({ takeOver }, signal) : { outcome: 'restricted' },
  );
  answer(connection, playPause, async () => {
    await player.pause();
    return null;
  });
  answer(connection, modelsList, async (_params, signal): Promise<ModelsResult> => {
    try {
      return { outcome: 'models', ...(await player.models(signal)) };
    } catch (error) {
      signal.throwIfAborted();
      return { outcome: 'problem', ...problemOf(error) };
    }
  });
  return {};
};
