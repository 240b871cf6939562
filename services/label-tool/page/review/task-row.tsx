import { useEffect, useRef } from 'preact/hooks';
import { percentText } from '../plot/numbers.ts';
import type { ReviewEntry } from './review-queue.ts';

export interface TaskRowProps {
  readonly entry: ReviewEntry;
  readonly chosen: boolean;
  readonly choose: () => void;
}

export function TaskRow({ entry: { task, disagreement, others }, chosen, choose }: TaskRowProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) row.current!.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <li ref={row}>
      <button
        type="button"
        class={chosen ? 'task-row chosen' : 'task-row'}
        aria-current={chosen ? 'true' : undefined}
        data-task={task.taskId}
        onClick={choose}
      >
        <strong>{task.imageId}</strong>
        {disagreement !== null && (
          <span class="chip warn" title="Share of its pixels in which a confident model sees something else">
            {percentText(disagreement)} differs
          </span>
        )}
        <span class="quiet">
          {task.annotator} · cycle {task.cycle + 1}
          {task.purpose === 'gold' ? ' · gold' : ''}
          {others.length > 0 ? ' · two opinions' : ''}
        </span>
      </button>
    </li>
  );
}
