/** One entry of `packages` in package-lock.json, as far as this check reads or writes it. */
export interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly cpu?: readonly string[];
  readonly os?: readonly string[];
  readonly libc?: readonly string[];
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockPackages = Readonly<Record<string, LockEntry>>;

/**
 * What is wrong with a lockfile. npm leaves out the packages of other platforms which the registry at hand does not
 * carry, and then refuses its own lockfile in `npm ci`; and an address in it would bind everybody to one registry.
 */
export function lockfileMistakes(packages: LockPackages): string[] {
  const mistakes = Object.keys(missingPlatforms(packages)).map(
    (key) => `\`${key}\` is missing: run \`npm run fix:lockfile\``,
  );
  for (const [key, entry] of Object.entries(packages)) {
    if (entry.resolved !== undefined && entry.link !== true) {
      mistakes.push(`\`${key}\` carries an address: keep omit-lockfile-registry-resolved=true in .npmrc`);
    }
  }
  return mistakes;
}

/** The lockfile's packages with entries for the platforms the registry at hand does not carry, in npm's order. */
export function completeLockfile(packages: LockPackages): LockPackages {
  const all = { ...packages, ...missingPlatforms(packages) };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => a.localeCompare(b, 'en')));
}

function missingPlatforms(packages: LockPackages): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const entry of Object.values(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      if (platform === undefined || packages[`node_modules/${name}`] !== undefined) continue;
      missing[`node_modules/${name}`] = {
        version,
        cpu: [platform.cpu],
        ...(entry.dev === true ? { dev: true } : {}),
        ...(platform.libc === undefined ? {} : { libc: [platform.libc] }),
        optional: true,
        os: [platform.os],
      };
    }
  }
  return missing;
}

const platformName =
  /(?<os>aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(?<cpu>[a-z0-9]+)(?:-(?<abi>[a-z]+))?$/;

function platformOf(name: string): { os: string; cpu: string; libc?: 'glibc' | 'musl' } | undefined {
  const { os, cpu, abi } = platformName.exec(name)?.groups ?? {};
  if (os === undefined || cpu === undefined) return undefined;
  if (os !== 'linux' || abi === undefined) return { os, cpu };
  return { os, cpu, libc: abi.startsWith('musl') ? 'musl' : 'glibc' };
}
