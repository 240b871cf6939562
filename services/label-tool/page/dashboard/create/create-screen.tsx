// A new campaign: what it is asked, and what it would cost, side by side.
import { useMemo, useRef, useState } from 'preact/hooks';
import '../../styles/panels.css';
import '../../styles/campaign.css';
import '../../styles/forms.css';
import type { CampaignForm } from '../../../dashboard-types.ts';
import { createCampaign, getForm } from '../../client/dashboard-client.ts';
import { describeError } from '../../client/describe-error.ts';
import { useResource } from '../../client/resource.ts';
import { goTo } from '../../site/current-route.ts';
import { hrefOf } from '../../site/route.ts';
import { Failure, Nothing, Waiting } from '../../site/states.tsx';
import { newRequestId } from '../../work/request-id.ts';
import { AnnotatorFields } from './annotator-fields.tsx';
import { type FieldErrors, type FormText, firstText, parseForm } from './draft-form.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { NumberFields } from './number-fields.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { usePreview } from './use-preview.ts';
import { WhatFields } from './what-fields.tsx';

export interface CreateScreenProps {
  readonly datasetId: string | null;
}

export function CreateScreen({ datasetId }: CreateScreenProps) {
  const form = useResource(getForm, []);
  const loaded = form.state.value;
  if (loaded.kind === 'loading') return <Waiting what="The form" />;
  if (loaded.kind === 'failed')
    return <Failure title="The form could not be loaded" message={loaded.message} retry={() => void form.reload()} />;
  if (loaded.value.datasets.length === 0)
    return (
      <Nothing icon="picture" title="A campaign needs images">
        <p>None are imported yet.</p>
        <a class="button primary" href={hrefOf({ screen: 'import' })}>
          Import images
        </a>
      </Nothing>
    );
  return <CreateForm form={loaded.value} datasetId={datasetId} />;
}

function CreateForm({ form, datasetId }: { readonly form: CampaignForm; readonly datasetId: string | null }) {
  const [text, setText] = useState(() => firstText(form, datasetId));
  const [refused, setRefused] = useState<{ readonly errors: FieldErrors; readonly message: string }>();
  const [busy, setBusy] = useState(false);
  const formElement = useRef<HTMLFormElement>(null);
  /** Kept while the form is as it is: sending it again after a lost answer makes no second campaign. */
  const requestId = useMemo(newRequestId, [text]);
  const parsed = useMemo(() => parseForm(text, form), [text, form]);
  const preview = usePreview(parsed);
  const change = (part: Partial<FormText>) => {
    setRefused(undefined);
    setText((before) => ({ ...before, ...part }));
  };
  const errors = { ...preview.errors, ...refused?.errors, ...parsed.errors };

  const submit = async () => {
    if (Object.keys(parsed.errors).length > 0) {
      formElement.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    setBusy(true);
    try {
      const { campaignId } = await createCampaign({ ...parsed.draft, requestId });
      goTo({ screen: 'campaign', campaignId, tab: 'overview' });
    } catch (error) {
      setRefused({ errors: fieldErrorsOf(error), message: describeError(error) });
      setBusy(false);
      requestAnimationFrame(() => formElement.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    }
  };

  return (
    <>
      <h1>New campaign</h1>
      <form
        ref={formElement}
        class="create-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div class="form-parts">
          <WhatFields form={form} text={text} errors={errors} change={change} />
          <NumberFields form={form} text={text} errors={errors} change={change} />
          <AnnotatorFields form={form} text={text} errors={errors} change={change} />
        </div>
        <aside class="form-side">
          <PreviewPanel preview={preview} people={text.annotator === 'people'} />
          {refused && (
            <p class="field-error" role="alert">
              {refused.message}
            </p>
          )}
          <button type="submit" class="primary large" disabled={busy}>
            {busy ? 'Starting' : 'Start the campaign'}
          </button>
        </aside>
      </form>
    </>
  );
}
