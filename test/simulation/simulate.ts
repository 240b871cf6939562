// Plays seeds and prints what happened: npm run simulate -- SEED [SEED AFTER THE LAST]
import { openSimulator } from './simulate-seed.ts';

const [first = 0, end = first + 1] = process.argv.slice(2).map(Number);
const simulator = await openSimulator();
const start = performance.now();
let broken = 0;
for (let seed = first; seed < end; seed++) {
  const report = await simulator.run(seed);
  if (end === first + 1) console.log(report.trace.join('\n'));
  if (report.broken) {
    broken++;
    console.log(`seed ${seed}: ${report.broken}`);
  }
}
console.log(`${end - first} seeds, ${broken} broken, ${((performance.now() - start) / 1_000).toFixed(1)} s`);
await simulator.close();
process.exitCode = broken > 0 ? 1 : 0;
