/** Everything in which the images of a sandbox differ, so that programs that depend on it show. */
export interface ImageVariant {
  readonly hashSeed: number;
  /** Added to the clock, milliseconds. */
  readonly clockOffsetMs: number;
  /** How fast the clock runs from a program's first look at it on. */
  readonly clockRate: number;
  /** Its name in the time zone database, and as `TZ` says it without one. */
  readonly timeZone: string;
  readonly posixTimeZone: string;
  readonly home: string;
  /** Where a program stands, where there are folders: one that every system has. */
  readonly workFolder: string;
  /** Bytes allocated first, so that addresses differ. */
  readonly padding: number;
  /** Whether memory begins with holes, so that what is made later may stand before what was made earlier. */
  readonly scattered: boolean;
  /** How the first toss of a coin falls. */
  readonly heads: boolean;
}

/** Milliseconds of so many days, hours, minutes and seconds. */
function lasting(days: number, hours: number, minutes: number, seconds: number): number {
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

/**
 * The images in which each program is verified. Their clocks are a third of a day and of an hour apart, in UTC and in their own
 * zones, and twenty years, so that no half of a day, of an hour or of the last decades holds all three.
 */
export const imageVariants: readonly [ImageVariant, ImageVariant, ImageVariant] = [
  {
    hashSeed: 1,
    clockOffsetMs: 0,
    clockRate: 1,
    timeZone: 'UTC',
    posixTimeZone: 'UTC0',
    home: '/home/a',
    workFolder: '/',
    padding: 64,
    scattered: false,
    heads: true,
  },
  {
    hashSeed: 7919,
    clockOffsetMs: lasting(7_394, 9, 21, 21) + 321,
    clockRate: 1,
    timeZone: 'Asia/Singapore',
    posixTimeZone: '<+08>-8',
    home: '/home/bb',
    workFolder: '/usr',
    padding: 70_001,
    scattered: false,
    heads: false,
  },
  {
    hashSeed: 4_104_959_191,
    clockOffsetMs: -lasting(7_181, 7, 20, 20) + 654,
    clockRate: 200,
    timeZone: 'America/Los_Angeles',
    posixTimeZone: 'PST8PDT',
    home: '/tmp/c',
    workFolder: '/usr/lib',
    padding: 1_300_013,
    scattered: false,
    heads: true,
  },
];

/**
 * Further images for programs that may toss a coin: of two outcomes all three images give the same in one case of four, these
 * eight in one of 128. Days of the week, of the month and months differ as well.
 */
export const furtherVariants: readonly ImageVariant[] = [
  { hashSeed: 2_654_435_761, days: 1_017, hours: 4, minutes: 11, seconds: 7, zone: 'Kathmandu' },
  { hashSeed: 97, days: -1_243, hours: 13, minutes: 47, seconds: 33, zone: 'St_Johns' },
  { hashSeed: 1_000_003, days: 509, hours: 20, minutes: 29, seconds: 51, zone: 'Kathmandu' },
  { hashSeed: 3_141_592_653, days: -282, hours: 2, minutes: 53, seconds: 14, zone: 'St_Johns' },
  { hashSeed: 271_828, days: 3_650, hours: 17, minutes: 38, seconds: 42, zone: 'Kathmandu' },
].map(({ hashSeed, days, hours, minutes, seconds, zone }, index) => ({
  hashSeed,
  clockOffsetMs: lasting(days, hours, minutes, seconds) + 137 * index,
  clockRate: 1 + index,
  ...(zone === 'Kathmandu'
    ? { timeZone: 'Asia/Kathmandu', posixTimeZone: '<+0545>-5:45' }
    : { timeZone: 'America/St_Johns', posixTimeZone: 'NST3:30NDT' }),
  home: `/home/further${index}`,
  workFolder: index % 2 === 0 ? '/usr/lib' : '/usr',
  padding: 4_099 * (index + 3),
  scattered: true,
  heads: index % 2 === 0,
}));
