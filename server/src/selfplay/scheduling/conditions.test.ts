import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { handClock } from '../../../../test/support/hand-clock.ts';
import { PlayTime } from './play-time.ts';
import { type Power, readPower } from './power.ts';
import { readQuietHours } from './quiet-hours.ts';
import { Suspension } from './suspension.ts';

const never = new AbortController().signal;
const at = (time: string) => new Date(`2026-03-04T${time}:00`);

describe('quiet hours', () => {
  it.each([
    ['22:00-07:00', ['22:00', '23:59', '00:00', '06:59'], ['07:00', '12:00', '21:59']],
    ['12:00-13:30', ['12:00', '13:29'], ['11:59', '13:30', '00:00']],
    ['22:00-07:00,12:00-13:00', ['23:00', '12:30'], ['13:00', '08:00']],
    ['08:00-08:00', ['08:00', '00:00', '23:59'], []],
    ['', [], ['00:00', '12:00']],
  ])('%j', (text, inside, outside) => {
    const quiet = readQuietHours(text);
    expect(inside.filter((time) => !quiet?.includes(at(time)))).toEqual([]);
    expect(outside.filter((time) => quiet?.includes(at(time)))).toEqual([]);
  });

  it.each(['22-07', '24:00-07:00', '22:60-07:00', '22:00', '22:00-07:00,', 'always', '22:00–07:00'])(
    '%j is none',
    (text) => {
      expect(readQuietHours(text)).toBeUndefined();
    },
  );
});

describe('the power supply', () => {
  let folder = '';
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function supplies(all: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<Power> {
    folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-power-'));
    for (const [name, files] of Object.entries(all)) {
      await mkdir(path.join(folder, name));
      for (const [file, text] of Object.entries(files))
        await writeFile(path.join(folder, name, file), `${text}\n`);
    }
    return readPower(folder);
  }
  const battery = { type: 'Battery', status: 'Discharging', capacity: '40' };

  it.each<[string, Parameters<typeof supplies>[0], Power]>([
    [
      'a laptop that is plugged in',
      { AC: { type: 'Mains', online: '1' }, BAT0: battery },
      { source: 'mains' },
    ],
    ['one that is full', { BAT0: { ...battery, status: 'Full' } }, { source: 'mains' }],
    [
      'one on battery',
      { AC: { type: 'Mains', online: '0' }, BAT0: battery },
      { source: 'battery', charge: 40 },
    ],
    [
      'two batteries',
      { BAT0: battery, BAT1: { ...battery, capacity: '80' } },
      { source: 'battery', charge: 60 },
    ],
    ['a desktop with a mouse', { hid: { ...battery, scope: 'Device' } }, { source: 'unknown' }],
    [
      'a battery that tells no charge',
      { BAT0: { type: 'Battery', status: 'Discharging' } },
      { source: 'unknown' },
    ],
    ['nothing', {}, { source: 'unknown' }],
  ])('of %s', async (_, given, expected) => {
    expect(await supplies(given)).toEqual(expected);
  });

  it('is unknown where there is no such folder', async () => {
    expect(await readPower('/does/not/exist')).toEqual({ source: 'unknown' });
  });
});

describe('the time that is played', () => {
  it('leaves out what is suspended, and sleep, and counts on over a resumption', () => {
    const clock = handClock(at('12:00'));
    const time = new PlayTime(clock, 5_000, 60_000);
    let counts = true;
    clock.every(1_000, () => time.tick(counts));
    clock.pass(10_000);
    counts = false;
    clock.pass(100_000);
    counts = true;
    expect(time.playedMs).toBe(15_000);
    clock.sleep(8 * 3_600_000);
    clock.pass(1_000);
    // A machine that slept all night has not played all night.
    expect(time.playedMs).toBeLessThanOrEqual(26_000);
    expect(time.isOver).toBe(false);
    clock.pass(40_000);
    expect(time.isOver).toBe(true);
    expect(time.overtime.aborted).toBe(false);
    clock.pass(20_000);
    expect(time.overtime.aborted).toBe(true);
  });

  it('never runs backwards', () => {
    const clock = handClock(at('12:00'));
    const time = new PlayTime(clock, 0, 60_000);
    clock.sleep(-5_000);
    time.tick(true);
    expect(time.playedMs).toBe(0);
  });
});

describe('a suspension', () => {
  function suspension(quiet: string, minBattery = 0, power: () => Power = () => ({ source: 'unknown' })) {
    const clock = handClock(at('21:59'));
    const changes: (string | undefined)[] = [];
    const hours = readQuietHours(quiet) ?? { includes: () => false };
    const made = new Suspension({
      clock,
      quiet: hours,
      minBattery,
      readPower: () => Promise.resolve(power()),
      onChange: (reason) => changes.push(reason),
    });
    clock.every(1_000, () => made.tick());
    return { clock, changes, suspension: made };
  }

  it('begins and ends with quiet hours, by itself', async () => {
    const { clock, changes, suspension: made } = suspension('22:00-07:00');
    await made.begin();
    await made.clear(never);
    clock.pass(61_000);
    expect(made.reason).toBe('quiet-hours');
    let isClear = false;
    const waiting = made.clear(never).then(() => {
      isClear = true;
    });
    clock.pass(8 * 3_600_000);
    expect(isClear).toBe(false);
    clock.pass(3_600_000);
    await waiting;
    expect(changes).toEqual(['quiet-hours', undefined]);
  });

  it('follows a wall clock that is set, and a machine that slept through', async () => {
    const { clock, suspension: made } = suspension('22:00-07:00');
    await made.begin();
    clock.set(at('23:30'));
    clock.pass(1_000);
    expect(made.reason).toBe('quiet-hours');
    clock.set(at('12:00'));
    clock.pass(1_000);
    expect(made.reason).toBeUndefined();
    clock.set(at('22:30'));
    clock.pass(1_000);
    clock.sleep(10 * 3_600_000);
    clock.pass(1_000);
    expect(made.reason).toBeUndefined();
  });

  it('holds while a battery has no more than the charge, and reads it now and then', async () => {
    let power: Power = { source: 'battery', charge: 80 };
    let read = 0;
    const { clock, suspension: made } = suspension('', 50, () => {
      read += 1;
      return power;
    });
    await made.begin();
    expect(made.reason).toBeUndefined();
    power = { source: 'battery', charge: 50 };
    clock.pass(15_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(made.reason).toBe('battery');
    power = { source: 'mains' };
    clock.pass(15_000);
    await made.clear(never);
    expect(made.reason).toBeUndefined();
    expect(read).toBeLessThanOrEqual(4);
  });

  it('never looks at the battery where that is off, and stops waiting as its signal says', async () => {
    const { suspension: made } = suspension('', 0, () => ({ source: 'battery', charge: 1 }));
    await made.begin();
    expect(made.reason).toBeUndefined();
    const quiet = suspension('00:00-00:00').suspension;
    await quiet.begin();
    const stop = new AbortController();
    const waiting = quiet.clear(stop.signal);
    stop.abort(new RangeError('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
  });
});
