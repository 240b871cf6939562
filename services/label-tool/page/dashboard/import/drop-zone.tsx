// Where files are dropped; two buttons do the same for those who do not drag.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { UploadFile } from '../../client/upload-file.ts';
import { Icon } from '../../ui/icons.tsx';
import { readChosen, readDrop } from './read-drop.ts';

export interface DropZoneProps {
  readonly take: (files: readonly UploadFile[]) => void;
  readonly children: ComponentChildren;
}

export function DropZone({ take, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const takeChosen = (input: HTMLInputElement) => {
    if (input.files?.length) take(readChosen(input.files));
  };
  return (
    <section
      class={over ? 'drop over' : 'drop'}
      aria-label="Files to import"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer) void readDrop(event.dataTransfer.items).then(take);
      }}
    >
      <span class="badge">
        <Icon name="upload" />
      </span>
      <p>
        <strong>Drop a folder or an archive here</strong> <span class="quiet">(.zip, .tar, .tar.gz)</span>
      </p>
      <div class="row">
        <button type="button" onClick={() => folder.current!.click()}>
          Choose a folder
        </button>
        <button type="button" onClick={() => files.current!.click()}>
          Choose files
        </button>
      </div>
      {children}
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files"
        onChange={(event) => takeChosen(event.currentTarget)}
      />
      <input
        ref={(element) => {
          // Not an attribute that its types know.
          element?.setAttribute('webkitdirectory', '');
          folder.current = element;
        }}
        type="file"
        hidden
        aria-label="Folder"
        onChange={(event) => takeChosen(event.currentTarget)}
      />
    </section>
  );
}
