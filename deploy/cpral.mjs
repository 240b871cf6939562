#!/usr/bin/env node
// The command line's first step: sets up what is missing, then runs the command on the pinned Node.
import { runOnPinnedNode } from './run-on-pinned-node.mjs';

await runOnPinnedNode('services/cli/main.ts');
