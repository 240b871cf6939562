// How far the present step has come, and what is left of it.
import type { CampaignSummary } from '../../dashboard-types.ts';
import { countText, durationText, percentText } from '../plot/numbers.ts';
import { STEP_TEXT, stepShare } from './names.ts';

export function ProgressBar({ campaign }: { readonly campaign: CampaignSummary }) {
  const { step, cycle, cycles, state, progress } = campaign;
  const share = stepShare(campaign);
  const over = state === 'succeeded' || state === 'failed' || state === 'cancelled';
  return (
    <div class="progress-block">
      <p>
        <strong>{state === 'succeeded' ? 'All cycles done' : STEP_TEXT[step]}</strong>
        <span class="quiet">
          {' '}
          · cycle {cycle + 1} of {cycles}
        </span>
      </p>
      <progress class={`bar ${state}`} max={1} value={share} aria-label={`${STEP_TEXT[step]}, done share`} />
      <p class="quiet">
        {percentText(share)}
        {progress.unitsTotal > 0 && !over && (
          <>
            {' '}
            · {countText(progress.unitsDone)} of {countText(progress.unitsTotal)}
          </>
        )}
        {!over && <> · {timeLeft(campaign)}</>}
      </p>
    </div>
  );
}

function timeLeft({ stepSecondsLeft, secondsLeft, state, step, annotator }: CampaignSummary): string {
  if (state === 'paused') return 'no new work until it is resumed';
  if (stepSecondsLeft === null) {
    const waitsForPeople = annotator === 'people' && (step === 'annotate' || step === 'initial-labels');
    return waitsForPeople ? 'waits for annotators' : 'time left not known yet';
  }
  const all = secondsLeft === null ? '' : `, ${durationText(secondsLeft)} in all`;
  return `${durationText(stepSecondsLeft)} left of this step${all}`;
}
