import { statusNotification } from '../../../protocol/messages.ts';
import { overallStatus } from '../engine/overall-status.ts';
import { throttle } from '../engine/throttle.ts';
import { type Feature, notify } from './feature.ts';

const everyMs = 250;

/** Tells the client how everything stands, whenever that changes. */
export const status: Feature = ({ connection, folders, player, options, on, closing }) => {
  let told = '';
  const updates = throttle(everyMs, () => {
    const now = overallStatus(options.trusted, folders.all(), player.state);
    const text = JSON.stringify(now);
    if (text === told) return;
    told = text;
    notify(connection, statusNotification, now);
  });
  on('activity', updates.call);
  on('tasks', updates.call);
  closing.addEventListener('abort', updates.cancel);
  return {};
};
