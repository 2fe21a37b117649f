import { statfsSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { pinned } from './pin.ts';

/** Where the figures come from. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly node: string;
  readonly openssl: string;
  readonly kernel: string;
  /** file system under the store */
  readonly disk: string;
  /** whether servers and load had a core each */
  readonly pinned: boolean;
}

/** Magic numbers of statfs(2). */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlayfs'],
  [0x2fc12fc1, 'zfs'],
]);

export function describeMachine(): Machine {
  const all = cpus();
  const { type } = statfsSync(tmpdir());
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    openssl: process.versions.openssl,
    kernel: release(),
    disk: FILE_SYSTEMS.get(type) ?? `0x${type.toString(16)}`,
    pinned,
  };
}
