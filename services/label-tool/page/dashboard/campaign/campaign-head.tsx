// Which campaign it is, what it does now, and what can be done to it.
import { useRef, useState } from 'preact/hooks';
import type { CampaignDetail } from '../../../dashboard-types.ts';
import { actOn, type CampaignAction } from '../../client/dashboard-client.ts';
import { describeError } from '../../client/describe-error.ts';
import { say } from '../../site/notice.tsx';
import { hrefOf } from '../../site/route.ts';
import { Icon } from '../../ui/icons.tsx';
import { Modal } from '../../ui/modal.tsx';
import { newRequestId } from '../../work/request-id.ts';
import { LiveChip } from '../live-chip.tsx';
import { LOOP, STATE_TEXT } from '../names.ts';
import { ProgressBar } from '../progress-bar.tsx';
import type { CampaignFollower } from './campaign-view.ts';

export interface CampaignHeadProps {
  readonly campaign: CampaignDetail;
  readonly follower: CampaignFollower;
}

const DONE_TEXT: Readonly<Record<CampaignAction, string>> = {
  pause: 'Paused: what is in work is finished, nothing new is begun.',
  resume: 'Resumed.',
  cancel: 'Stopped.',
};

export function CampaignHead({ campaign, follower }: CampaignHeadProps) {
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  /** Kept until it was answered: a click after a lost answer asks for the same thing again. */
  const requestIds = useRef(new Map<CampaignAction, string>());
  const { campaignId, strategy, datasetName, annotator, seed, state, actions, error } = campaign;

  const act = async (action: CampaignAction) => {
    setAsks(false);
    setBusy(true);
    const requestId = requestIds.current.get(action) ?? newRequestId();
    requestIds.current.set(action, requestId);
    try {
      follower.took(await actOn(campaign, action, { requestId }));
      requestIds.current.delete(action);
      say(DONE_TEXT[action]);
    } catch (failure) {
      say(describeError(failure));
    }
    setBusy(false);
  };

  return (
    <header class="panel campaign-head">
      <div class="screen-head">
        <a
          class="button square"
          href={hrefOf({ screen: 'campaigns' })}
          aria-label="All campaigns"
          title="All campaigns"
        >
          <Icon name="back" />
        </a>
        <div class="identity">
          <h1>{campaignId}</h1>
          <p class="quiet">
            {strategy} on {datasetName} · {annotator === 'people' ? 'people annotate' : 'simulated annotator'} · seed{' '}
            {seed}
          </p>
        </div>
        <span class={`chip ${STATE_TEXT[state].tone}`}>{STATE_TEXT[state].text}</span>
        <LiveChip state={follower.live.state.value} />
        <span class="grow" />
        {annotator === 'people' && (
          <a class="button" href={hrefOf({ screen: 'review', campaignId })}>
            Review labels
          </a>
        )}
        {actions.pause && (
          <button type="button" disabled={busy} onClick={() => void act('pause')}>
            <Icon name="pause" />
            Pause
          </button>
        )}
        {actions.resume && (
          <button type="button" class="primary" disabled={busy} onClick={() => void act('resume')}>
            <Icon name="play" />
            Resume
          </button>
        )}
        {actions.cancel && (
          <button type="button" class="danger" disabled={busy} onClick={() => setAsks(true)}>
            <Icon name="stop" />
            Stop
          </button>
        )}
      </div>
      {error && (
        <p class="row-error" role="note">
          {error}
        </p>
      )}
      <Loop campaign={campaign} />
      <ProgressBar campaign={campaign} />
      {asks && (
        <Modal title={`Stop ${campaignId}?`} close={() => setAsks(false)}>
          <p>
            It cannot be resumed. What it has trained and labelled stays, and can be looked at and downloaded. To go on
            later, pause it instead.
          </p>
          <div class="row end">
            <button type="button" data-first onClick={() => setAsks(false)}>
              Keep it running
            </button>
            <button type="button" class="primary danger" onClick={() => void act('cancel')}>
              Stop the campaign
            </button>
          </div>
        </Modal>
      )}
    </header>
  );
}

function Loop({ campaign: { step, state } }: { readonly campaign: CampaignDetail }) {
  const at = state === 'running' || state === 'paused' ? LOOP.findIndex(({ steps }) => steps.includes(step)) : -1;
  return (
    <ol class="loop" aria-label="Steps of a cycle">
      {LOOP.map(({ text }, place) => (
        <li
          key={text}
          class={place === at ? 'now' : place < at ? 'past' : undefined}
          aria-current={place === at ? 'step' : undefined}
        >
          {text}
        </li>
      ))}
    </ol>
  );
}
