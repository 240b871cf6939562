// Under the picture: what the tool does, and where the pointer is.
import { UNLABELLED } from '../../api-types.ts';
import type { Stage } from '../stage/stage.ts';
import type { Editor } from '../work/editor.ts';
import type { Work } from '../work/work.ts';
import { IGNORE_NAME, TOOL_TEXT } from './names.ts';

export interface StatusBarProps {
  readonly stage: Stage | undefined;
  readonly editor: Editor;
  readonly work: Work;
}

export function StatusBar({ stage, editor, work }: StatusBarProps) {
  const { begun, done } = stage?.searches.value ?? { begun: 0, done: 0 };
  const busy =
    stage && !stage.segmented.value ? 'Computing superpixels' : begun > done ? 'Looking for edges' : undefined;
  return (
    <div class="status-bar">
      <span class="grow hint">{busy ?? TOOL_TEXT[editor.tool.value].hint}</span>
      {stage && <Place stage={stage} work={work} />}
      {stage && <span class="number">{Math.round(stage.view.value.scale * 100)} %</span>}
    </div>
  );
}

function Place({ stage, work }: { readonly stage: Stage; readonly work: Work }) {
  work.revision.value;
  const at = stage.cursor.value;
  const { height, width } = work.task.window;
  if (!at || at.x < 0 || at.y < 0 || at.x >= width || at.y >= height) return null;
  const x = Math.floor(at.x);
  const y = Math.floor(at.y);
  const id = work.labelling.mask[y * width + x]!;
  const name =
    work.task.classes.find((known) => known.id === id)?.name ?? (id === UNLABELLED ? 'unlabelled' : IGNORE_NAME);
  return (
    <span class="number">
      {x}, {y} · {name}
    </span>
  );
}
