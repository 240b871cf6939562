// Prints the digest of a tiny training's weights: run as a process of its own, it shows that nothing hides in the process.
import train from '../../services/trainer/train.ts';
import { memoryObjectStore } from './memory-object-store.ts';
import { tinyTraining } from './tiny-training.ts';

const objects = memoryObjectStore();
const spec = await tinyTraining(objects);
const { weights } = await train({ spec, checkpoint: undefined }, { objects, progress: () => {} });
console.log(weights!.digest);
