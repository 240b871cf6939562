// Campaigns on real processes that are killed, stopped, cut off and starved: docs/robustness.md says how.
import { runOnPinnedNode } from './run-on-pinned-node.mjs';

await runOnPinnedNode('test/system/faults/main.ts');
