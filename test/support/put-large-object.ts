// Puts an object of a megabyte into the folder that is named, and prints what came of it.
import { folderObjectStore } from '../../services/shared/objects/folder-object-store.ts';

const outcome = await folderObjectStore(process.argv[2]!)
  .put(Buffer.alloc(1 << 20, 7))
  .then(
    () => ({ code: 'OK' }),
    ({ code, reason, message }) => ({ code, reason, message }),
  );
console.log(JSON.stringify(outcome));
