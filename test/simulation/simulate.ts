// Plays a seed and prints what happened, or plays many and prints a table: npm run simulate -- SEED [SEED AFTER THE LAST ONE]
import { openSimulator, type SeedReport } from './simulate-seed.ts';
import { faultTable } from './table.ts';

const [first = 0, end = first + 1] = process.argv.slice(2).map(Number);
const simulator = await openSimulator();
const reports: SeedReport[] = [];
const start = performance.now();
for (let seed = first; seed < end; seed++) {
  const report = await simulator.run(seed);
  reports.push({ ...report, trace: [] });
  if (end === first + 1) console.log(report.trace.join('\n'));
  if (report.broken) console.log(`seed ${seed}: ${report.broken}`);
}
if (end > first + 1) console.log(faultTable(reports));
const seconds = (performance.now() - start) / 1_000;
const broken = reports.filter((report) => report.broken).length;
console.log(`${reports.length} seeds in ${seconds.toFixed(1)} s, ${broken} with a broken promise`);
await simulator.close();
process.exitCode = broken > 0 ? 1 : 0;
