// Ends the process when its parent is gone, even while the main thread is inside TensorFlow.
const CHECK_INTERVAL_MS = 500;
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, CHECK_INTERVAL_MS);
