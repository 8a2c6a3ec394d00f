/** Times of the day, each from a minute on up to and without another, on the machine's own clock. */
export interface QuietHours {
  includes(at: Date): boolean;
}

/** A range or several, `22:00-07:00,12:00-13:00`; nothing: never. The manifest's pattern is this one. */
export const quietHoursPattern =
  /^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d(,([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)*)?$/;

/**
 * Reads quiet hours; undefined where the text is none. A range whose end is not later than its beginning goes over
 * midnight; one that begins and ends at the same minute is the whole day.
 */
export function readQuietHours(text: string): QuietHours | undefined {
  if (!quietHoursPattern.test(text)) return undefined;
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
