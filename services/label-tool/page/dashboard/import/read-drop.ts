// Files out of what was dropped or chosen: with their paths, folders walked through.
import type { UploadFile } from '../../client/upload-file.ts';
import { withoutLitter } from './batches.ts';

export function readChosen(files: FileList): readonly UploadFile[] {
  return withoutLitter([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Must be called in the event itself: a drop's items are gone after it. */
export async function readDrop(items: DataTransferItemList): Promise<readonly UploadFile[]> {
  const dropped = [...items].map((item) => {
    const entry = item.webkitGetAsEntry();
    if (entry) return filesOf(entry);
    // What does not lie on a disk, as a picture out of another program, is a file without an entry.
    const file = item.getAsFile();
    return file ? [{ path: file.name, file }] : [];
  });
  return withoutLitter((await Promise.all(dropped)).flat());
}

async function filesOf(entry: FileSystemEntry): Promise<readonly UploadFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  // A reader gives a folder in parts; an empty one is the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    children.push(...part);
  }
  return (await Promise.all(children.map(filesOf))).flat();
}
