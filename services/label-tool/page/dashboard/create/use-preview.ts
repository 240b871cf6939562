// What the campaign would cost, asked for while it is written.
import { useEffect, useState } from 'preact/hooks';
import type { CampaignPreview } from '../../../dashboard-types.ts';
import { previewCampaign } from '../../client/dashboard-client.ts';
import { describeError } from '../../client/describe-error.ts';
import type { FieldErrors, ParsedForm } from './draft-form.ts';
import { fieldErrorsOf } from './field-errors.ts';

/** Keys that follow each other make one request. */
const QUIET_MS = 250;

export interface PreviewState {
  /** The last that there was; it stays while the next one is on its way. */
  readonly preview: CampaignPreview | undefined;
  readonly waiting: boolean;
  readonly errors: FieldErrors;
  readonly message: string;
}

export function usePreview({ draft, errors }: ParsedForm): PreviewState {
  const [state, setState] = useState<PreviewState>({ preview: undefined, waiting: true, errors: {}, message: '' });
  const text = JSON.stringify(draft);
  const isValid = Object.keys(errors).length === 0;
  useEffect(() => {
    if (!isValid) {
      setState({ preview: undefined, waiting: false, errors: {}, message: 'Some fields have to be corrected first.' });
      return undefined;
    }
    let wanted = true;
    setState((before) => ({ ...before, waiting: true }));
    const timer = setTimeout(() => {
      previewCampaign(draft).then(
        (preview) => wanted && setState({ preview, waiting: false, errors: {}, message: '' }),
        (error) =>
          wanted &&
          setState({ preview: undefined, waiting: false, errors: fieldErrorsOf(error), message: describeError(error) }),
      );
    }, QUIET_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [text, isValid]);
  return state;
}
