// A real Chromium: the environment's, the machine's, or Debian's package, which is installed where the tests run as root, once, before them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const MISSING = 'Chromium is missing: sudo apt-get install chromium, or name it by CPRAL_TEST_CHROMIUM';

/** Called once before the tests, in one process: apt-get does not run twice at a time. */
export default function ensureChromium(): void {
  if (!findChromium()) installChromium();
}

export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(MISSING);
  // No sandbox within: as root, in containers, there is none to be had. Pages are the project's own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

function findChromium(): string | undefined {
  const named = process.env.CPRAL_TEST_CHROMIUM;
  if (named && !existsSync(named)) throw new Error(`CPRAL_TEST_CHROMIUM: expected an executable, got "${named}"`);
  return named ?? PROGRAMS.find(existsSync);
}

function installChromium(): void {
  if (process.getuid?.() !== 0) throw new Error(MISSING);
  console.error("cpral: installing Debian's package chromium (once, about a minute)");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status, stderr } = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`);
  }
  if (!findChromium()) throw new Error("Debian's package chromium brought no program that is known here");
}
