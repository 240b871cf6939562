// Regenerates what is made from other files: the protocol's TypeScript and descriptors, and the database migrations.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const run = (...args) => execFileSync(process.execPath, args, { stdio: 'inherit' });
const buf = 'node_modules/@bufbuild/buf/bin/buf';

rmSync('proto/gen', { recursive: true, force: true });
run(buf, 'generate');
run(buf, 'build', 'proto', '-o', 'proto/gen/descriptors.binpb', '--as-file-descriptor-set');
