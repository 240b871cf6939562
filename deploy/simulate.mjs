// Plays seeds of the simulation on the pinned Node: docs/robustness.md says how.
import { runOnPinnedNode } from './run-on-pinned-node.mjs';

await runOnPinnedNode('test/simulation/simulate.ts');
