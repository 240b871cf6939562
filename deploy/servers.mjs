// Real servers for the services on this machine: sets up what is missing, then starts them on the pinned Node.
import { runOnPinnedNode } from './run-on-pinned-node.mjs';

await runOnPinnedNode('deploy/servers/main.ts');
