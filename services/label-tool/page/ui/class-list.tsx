import { IGNORED } from '../../api-types.ts';
import type { Editor } from '../work/editor.ts';
import type { Work } from '../work/work.ts';
import { classKey, IGNORE_KEY, IGNORE_NAME } from './names.ts';

const IGNORE_COLOR = '#606060';

export function ClassList({ work, editor }: { readonly work: Work; readonly editor: Editor }) {
  work.revision.value;
  const { labelling, task } = work;
  const entries = [
    ...task.classes.map(({ id, name, color }, place) => ({ id, name, color, key: classKey(place) })),
    { id: IGNORED, name: IGNORE_NAME, color: IGNORE_COLOR, key: IGNORE_KEY },
  ];
  return (
    <fieldset class="classes">
      <legend>Class</legend>
      {entries.map(({ id, name, color, key }) => {
        const share = (100 * labelling.counts[id]!) / labelling.mask.length;
        return (
          <label
            key={id}
            class={editor.classId.value === id ? 'class chosen' : 'class'}
            title={key && `${name} (${key})`}
          >
            <input
              type="radio"
              name="class"
              checked={editor.classId.value === id}
              onChange={() => {
                editor.classId.value = id;
              }}
            />
            <span class={id === IGNORED ? 'swatch hatched' : 'swatch'} style={{ background: color }} />
            <span class="name">{name}</span>
            <span class="share">{share === 0 ? '' : share < 1 ? '<1 %' : `${Math.round(share)} %`}</span>
            <kbd>{key?.replace('Shift+', '⇧') ?? ''}</kbd>
          </label>
        );
      })}
    </fieldset>
  );
}
