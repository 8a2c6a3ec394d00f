import { readFile, statfs } from 'node:fs/promises';
import path from 'node:path';

/** What tells where a folder's file system lives. */
export interface FileSystems {
  readonly platform: NodeJS.Platform;
  /** The type that `statfs(2)` gives for an existing folder; undefined where there is no such folder. */
  typeOf(folder: string): Promise<number | undefined>;
  /** Linux: the text of `/proc/self/mounts`. */
  mounts(): Promise<string>;
}

export const realFileSystems: FileSystems = {
  platform: process.platform,
  typeOf: (folder) =>
    statfs(folder).then(
      ({ type }) => type,
      () => undefined,
    ),
  mounts: () => readFile('/proc/self/mounts', 'utf8').catch(() => ''),
};

/** Types of `statfs(2)` whose files live on another machine, or in a host that does not share memory with its guest. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB2'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x01021997, '9P'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x786f4256, 'a shared folder of VirtualBox'],
]);

/** FUSE serves local and remote drives alike; the mount's type tells them apart. */
const fuseType = 0x65735546;
const networkFuse: ReadonlySet<string> = new Set(
  [
    'sshfs',
    'rclone',
    'davfs',
    'davfs2',
    's3fs',
    'gcsfuse',
    'glusterfs',
    'cephfs',
    'smbnetfs',
    'curlftpfs',
  ].map((name) => `fuse.${name}`),
);

/**
 * What kind of network drive a folder is on, or would be when it is made; undefined where it is on none. Told on Linux,
 * and for `\\server\share` on Windows; a mapped drive letter and macOS tell nothing.
 */
export async function networkDriveOf(folder: string, systems: FileSystems): Promise<string | undefined> {
  if (systems.platform === 'win32') return /^[\\/]{2}[^?.]/.test(folder) ? 'SMB' : undefined;
  if (systems.platform !== 'linux') return undefined;
  for (let at = path.posix.resolve(folder); ; at = path.posix.dirname(at)) {
    const type = await systems.typeOf(at);
    if (type === fuseType) return networkFuseAt(at, await systems.mounts());
    if (type !== undefined) return networkTypes.get(type);
    if (at === '/') return undefined;
  }
}

/** The type of the innermost mount that a folder is in, where that is a FUSE of another machine. */
function networkFuseAt(folder: string, mounts: string): string | undefined {
  let found = { point: '', type: '' };
  for (const line of mounts.split('\n')) {
    const [, escaped = '', type = ''] = line.split(' ');
    // Spaces and the like are written in octal there (proc_pid_mounts(5), fstab(5)).
    const point = escaped.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const isWithin = folder === point || folder.startsWith(point === '/' ? '/' : `${point}/`);
    if (isWithin && point.length >= found.point.length) found = { point, type };
  }
  return networkFuse.has(found.type) ? found.type : undefined;
}
