import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runPython } from '../../../scripts/python.mjs';

const script = path.resolve(import.meta.dirname, '../../../scripts/pypi/unpack.py');

/** Makes an archive of members `[name, type, content]`; `type` is a file, or a link to `content`. */
const makeTar = `
import io, json, sys, tarfile
with tarfile.open(sys.argv[1], "w:gz") as tar:
    for name, kind, content in json.loads(sys.argv[2]):
        entry = tarfile.TarInfo(name)
        data = content.encode()
        entry.type = {"file": tarfile.REGTYPE, "symlink": tarfile.SYMTYPE, "link": tarfile.LNKTYPE, "pipe": tarfile.FIFOTYPE}[kind]
        if kind == "file":
            entry.size = len(data)
        else:
            entry.linkname = content
        tar.addfile(entry, io.BytesIO(data))
`;
const makeZip = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as zipped:
    for name, kind, content in json.loads(sys.argv[2]):
        zipped.writestr(name, content)
`;

describe('unpack.py', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-unpack-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function unpack(
    name: string,
    maker: string,
    members: readonly (readonly [string, string, string])[],
  ) {
    const archive = path.join(folder, name);
    await runPython(['-c', maker, archive, JSON.stringify(members)], {});
    return unpackFile(archive);
  }

  async function unpackFile(archive: string) {
    await mkdir(path.join(folder, 'in', 'target'), { recursive: true });
    const { stdout } = await runPython([script, archive, path.join(folder, 'in', 'target')], {});
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  const files = async () =>
    (await readdir(path.join(folder, 'in'), { recursive: true, withFileTypes: true }))
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(path.join(folder, 'in'), path.join(entry.parentPath, entry.name)))
      .sort();

  it('drops the folder that a source package is wrapped in, and keeps what a wheel holds', async () => {
    expect(await unpack('a-1.tar.gz', makeTar, [['a-1/a/b.py', 'file', 'x = 1']])).toMatchObject({
      files: 1,
    });
    expect(await unpack('a-1-py3-none-any.whl', makeZip, [['c/d.py', 'file', 'y = 2']])).toMatchObject({
      files: 1,
    });
    expect(await files()).toEqual(['target/a/b.py', 'target/c/d.py']);
    expect(await readFile(path.join(folder, 'in/target/a/b.py'), 'utf8')).toBe('x = 1');
  });

  it('writes nothing outside of the folder, and no link, pipe or name of another platform', async () => {
    const members = [
      ['a/good.py', 'file', ''],
      ['a/../../evil.py', 'file', ''],
      ['../evil.py', 'file', ''],
      ['/tmp/evil.py', 'file', ''],
      ['a/C:\\evil.py', 'file', ''],
      ['a/out', 'symlink', '/etc'],
      ['a/out/evil.py', 'file', 'written in the folder, for the link is not there'],
      ['a/hard', 'link', '/etc/passwd'],
      ['a/pipe', 'pipe', ''],
    ] as const;
    expect(await unpack('a.tar.gz', makeTar, members)).toEqual({ files: 2, bytes: 48, leftOut: 7 });
    expect(await files()).toEqual(['target/good.py', 'target/out/evil.py']);
  });

  it('says what is wrong with an archive that is none, and one that is cut off', async () => {
    expect(await unpackFile(script)).toMatchObject({ problem: 'unknown-form' });
    const archive = path.join(folder, 'cut.tar.gz');
    const cut = `${makeTar}\ndata = open(sys.argv[1], "rb").read()\nopen(sys.argv[1], "wb").write(data[: len(data) * 2 // 3])`;
    const members = JSON.stringify([['a/b.py', 'file', Array.from({ length: 5000 }, Math.random).join()]]);
    await runPython(['-c', cut, archive, members], {});
    expect(await unpackFile(archive)).toMatchObject({ problem: 'damaged' });
  });
});
