// One label under review: over its image, beside the second opinion where there is one.

import type { ReviewedTask } from '../../dashboard-types.ts';
import { Segmented } from '../dashboard/segmented.tsx';
import { Legend } from '../picture/legend.tsx';
import { Picture } from '../picture/picture.tsx';
import { durationText, percentText, plural } from '../plot/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import type { ReviewEntry } from './review-queue.ts';
import { LAYER_TEXT, layersOfTask, REVIEW_LAYERS, type ReviewView } from './review-view.ts';

export interface ReviewedLabelProps {
  readonly entry: ReviewEntry;
  readonly view: ReviewView;
  readonly busy: boolean;
  readonly accept: () => void;
  readonly sendBack: () => void;
}

export function ReviewedLabel({ entry, view, busy, accept, sendBack }: ReviewedLabelProps) {
  const { task, disagreement, others } = entry;
  const { cost, pictures } = task;
  return (
    <section class="panel reviewed" aria-label={`Label of ${task.imageId}`}>
      <div class="screen-head">
        <Segmented
          name="review-layer"
          label="What lies over the image"
          choices={REVIEW_LAYERS.map((value) => ({
            value,
            text: LAYER_TEXT[value],
            disabled: (value === 'prediction' || value === 'entropy') && pictures[value] === null,
          }))}
          value={view.layer.value}
          choose={(layer) => {
            view.layer.value = layer;
          }}
        />
        <label class="slider">
          Opacity
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={view.opacity.value}
            onInput={(event) => {
              view.opacity.value = event.currentTarget.valueAsNumber;
            }}
          />
          <output>{Math.round(100 * view.opacity.value)} %</output>
        </label>
      </div>
      <div class={others.length > 0 ? 'opinions two' : 'opinions'}>
        {[task, ...others].map((each) => (
          <Opinion key={each.taskId} task={each} view={view} />
        ))}
      </div>
      <Legend classes={task.classes} />
      <p>{task.reason}</p>
      <p class="quiet">
        {task.campaignId} · cycle {task.cycle + 1} ·{' '}
        {task.kind === 'image' ? 'whole image' : `${task.window.width} × ${task.window.height} px`}
        {cost &&
          ` · ${durationText(cost.activeSeconds)}, ${plural(cost.clicks, 'click')}, ${plural(cost.strokes, 'stroke')}`}
        {disagreement !== null && ` · a confident model sees something else in ${percentText(disagreement)} of it`}
      </p>
      <div class="row end">
        <button type="button" disabled={busy} onClick={sendBack} title="Send back with a note (R)">
          Send back
          <kbd>R</kbd>
        </button>
        <button type="button" class="primary" disabled={busy} onClick={accept} title="Accept (A)">
          <Icon name="check" />
          Accept
          <kbd>A</kbd>
        </button>
      </div>
    </section>
  );
}

function Opinion({ task, view }: { readonly task: ReviewedTask; readonly view: ReviewView }) {
  const layer = view.layer.value;
  return (
    <figure class="opinion">
      <Picture
        image={task.pictures.image}
        label={`${task.imageId}, ${LAYER_TEXT[layer].toLowerCase()} of ${task.annotator ?? 'nobody'}`}
        size={task.size}
        classes={task.classes}
        layers={layersOfTask(task, layer, view.opacity.value)}
        frames={task.kind === 'image' ? [] : [task.window]}
        dimmed={task.kind === 'region' && layer === 'label'}
      />
      <figcaption>
        <strong>{task.annotator}</strong>
        <span class="quiet">{task.purpose === 'second-opinion' ? ' · second opinion' : ''}</span>
      </figcaption>
    </figure>
  );
}
