// The Python of the peers: the one that CPRAL_BENCH_PYTHON names, else an environment of their own with pinned versions.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const ENVIRONMENT = path.resolve('node_modules/.cache/cpral-bench');
const PACKAGES = [
  'torch==2.15.0',
  'numpy',
  'onnx==1.23.2',
  'onnxscript==0.7.2',
  'onnxruntime==1.32.0',
  'openvino==2026.4.1',
];

export function peerPython(): string {
  const given = process.env.CPRAL_BENCH_PYTHON;
  if (given) return given;
  const python = path.join(ENVIRONMENT, 'bin/python');
  if (!existsSync(path.join(ENVIRONMENT, 'ready'))) {
    console.error(`Installing the peers into ${ENVIRONMENT} (once; PyTorch's packages are some 4 GB)`);
    const run = (...command: string[]) =>
      execFileSync(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
    run('python3', '-m', 'venv', ENVIRONMENT);
    run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES);
    run('touch', path.join(ENVIRONMENT, 'ready'));
  }
  return python;
}
