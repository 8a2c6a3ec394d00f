import { Settings } from '../../../../protocol/settings.ts';

/** Times of the day, each from a minute on up to and without another, on the machine's own clock. */
export interface QuietHours {
  includes(at: Date): boolean;
}

/**
 * Reads quiet hours as the setting has them, `22:00-07:00,12:00-13:00`; undefined where the text is none. A range whose end is not later than its beginning goes over
 * midnight; one that begins and ends at the same minute is the whole day.
 */
export function readQuietHours(text: string): QuietHours | undefined {
  if (!Settings.shape['selfPlay.quietHours'].safeParse(text).success) return undefined;
  const ranges = text
    .split(',')
    .filter((range) => range !== '')
    .map((range) => range.split('-').map(minuteOf) as [number, number]);
  return {
    includes: (at) => {
      const minute = at.getHours() * 60 + at.getMinutes();
      return ranges.some(([from, to]) =>
        from < to ? from <= minute && minute < to : from <= minute || minute < to,
      );
    },
  };
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
