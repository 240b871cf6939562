// A tiny training as a process of its own that writes a checkpoint after every step and says so, so that it can be killed between two
// steps and be taken up by the next process.
//   arguments: the folder of the store, and, as JSON, the checkpoint to go on from
import { Checkpoint } from '../../proto/gen/cpral/v1/trainer.ts';
import { folderObjectStore } from '../../services/shared/objects/folder-object-store.ts';
import { trainModel } from '../../services/trainer/train.ts';
import { tinyTraining } from './tiny-training.ts';

const [folder = '', from] = process.argv.slice(2);
const objects = folderObjectStore(folder);
const spec = await tinyTraining(objects);
const checkpoint = from === undefined ? undefined : Checkpoint.fromJSON(JSON.parse(from));
const { weights } = await trainModel(
  { spec, checkpoint },
  {
    objects,
    progress({ checkpoint: saved }) {
      if (saved) console.log(JSON.stringify(Checkpoint.toJSON(saved)));
    },
  },
  { checkpointIntervalMs: 0 },
);
console.log(JSON.stringify({ weights: weights?.digest }));
