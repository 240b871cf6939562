// The whole system on this machine as it runs on many: real servers, every service a process. Sets up what is missing first.
import { runOnPinnedNode } from './run-on-pinned-node.mjs';

await runOnPinnedNode('deploy/up/main.ts');
