import { openSimulator } from './test/simulation/simulate-seed.ts';
const sim = await openSimulator();
for (let s=0;s<60;s+=20){
const c=process.cpuUsage(), t=performance.now();const N=20
for (let i=s;i<s+N;i++) {const r=await sim.run(i);  if(r.broken)console.log(i,r.broken)}
const c2=process.cpuUsage(c);
console.log('cpu/seed',(c2.user+c2.system)/1e3/N,'wall',(performance.now()-t)/N, process.memoryUsage().rss/1e6|0);}
process.exit(0)
