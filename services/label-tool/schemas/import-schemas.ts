// Importing a dataset.
import { Type } from 'typebox';
import { nullable, oneOf, request } from './kinds.ts';

export const ImportFormat = oneOf(['masks', 'camvid', 'cityscapes', 'bdd100k'], {
  description: 'As `cpral dataset import` has them: docs/deployment.md.',
});

export const ImportRequest = request({
  format: ImportFormat,
  displayName: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: 'For people.' }),
});

export const ImportStatus = Type.Object(
  {
    importId: Type.String(),
    format: ImportFormat,
    displayName: Type.String(),
    state: oneOf(['receiving', 'checking', 'importing', 'succeeded', 'failed', 'cancelled'], {
      description: 'Receiving: waits for files; checking: reads all of them; importing: sends them to the registry.',
    }),
    files: Type.Number({ description: 'Received so far, archives unpacked.' }),
    bytes: Type.Number(),
    imagesDone: Type.Number({ description: 'Of checking or importing.' }),
    imagesTotal: Type.Number(),
    error: Type.String({ description: 'Empty where nothing failed.' }),
    datasetId: nullable(Type.String(), { description: 'Once it succeeded.' }),
    existed: Type.Boolean({ description: 'The same content was there already.' }),
  },
  {
    description:
      "A part of a multipart upload is a file. Its file name is its path in the dataset's folder, as `webkitRelativePath` has it (a common first folder is left out), or it ends with .zip, .tar, .tar.gz or .tgz and is unpacked.",
  },
);
