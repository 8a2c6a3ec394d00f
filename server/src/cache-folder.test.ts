import { describe, expect, it } from 'vitest';
import { cacheFolder as scriptsCacheFolder } from '../../scripts/cache.mjs';
import { cacheFolder } from './cache-folder.ts';

describe('the cache folder', () => {
  it.each([
    { env: { AUTODIDACT_CACHE: '/some/where' }, platform: 'linux' },
    { env: { AUTODIDACT_CACHE: 'some/where' }, platform: 'linux' },
    { env: { AUTODIDACT_CACHE: '', XDG_CACHE_HOME: '/x' }, platform: 'linux' },
    { env: { XDG_CACHE_HOME: 'relative' }, platform: 'linux' },
    { env: {}, platform: 'linux' },
    { env: {}, platform: 'freebsd' },
    { env: { XDG_CACHE_HOME: '/x' }, platform: 'darwin' },
    { env: { LOCALAPPDATA: 'C:\\Local' }, platform: 'win32' },
    { env: {}, platform: 'win32' },
  ] as const)('is the same for server and scripts on $platform with $env', ({ env, platform }) => {
    expect(cacheFolder(env, platform)).toBe(scriptsCacheFolder(env, platform));
  });

  it('is the one that is named, else in the XDG cache', () => {
    expect(cacheFolder({ AUTODIDACT_CACHE: '/a', XDG_CACHE_HOME: '/b' }, 'linux')).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' }, 'linux')).toBe('/b/autodidact');
  });
});
