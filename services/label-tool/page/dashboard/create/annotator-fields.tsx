// Who answers, and how the answers are checked.
import type { Annotator } from '../../../dashboard-types.ts';
import type { ShareField } from './draft-form.ts';
import { Field } from './field.tsx';
import type { FormPart } from './form-part.ts';

const WHO: readonly { readonly value: Annotator; readonly name: string; readonly hint: string }[] = [
  { value: 'people', name: 'People', hint: 'Regions go to the labelling page of this server' },
  { value: 'simulated', name: 'A simulation', hint: 'Answers from labels that are known, at once' },
];

export function AnnotatorFields(part: FormPart) {
  const { form, text, errors, change } = part;
  const dataset = form.datasets.find(({ datasetId }) => datasetId === text.datasetId);
  return (
    <fieldset class="panel form-part">
      <legend>Who answers</legend>
      <div class="who">
        {WHO.map(({ value, name, hint }) => (
          <label key={value} class={text.annotator === value ? 'chosen' : undefined}>
            <input
              type="radio"
              name="annotator"
              checked={text.annotator === value}
              disabled={value === 'simulated' && dataset?.hasGroundTruth === false}
              onChange={() => change({ annotator: value })}
            />
            <strong>{name}</strong>
            <span class="quiet">{hint}</span>
          </label>
        ))}
      </div>
      {errors.annotator && <p class="field-error">{errors.annotator}</p>}
      {text.annotator === 'people' ? (
        <>
          <label class="check">
            <input
              type="checkbox"
              checked={text.review}
              onChange={(event) => change({ review: event.currentTarget.checked })}
            />
            Every label waits for a reviewer
          </label>
          <div class="number-grid">
            <Share
              {...part}
              field="secondOpinionShare"
              name="Second opinions, %"
              hint="Of the regions, labelled by two people"
            />
            <Share
              {...part}
              field="goldShare"
              name="Gold regions, %"
              hint="With known labels, which nobody can tell apart"
            />
          </div>
        </>
      ) : (
        <div class="number-grid">
          <Share {...part} field="oracleNoise" name="Wrong answers, %" hint="Of the segments" />
        </div>
      )}
    </fieldset>
  );
}

interface ShareProps extends FormPart {
  readonly field: ShareField;
  readonly name: string;
  readonly hint: string;
}

function Share({ field, name, hint, text, errors, change }: ShareProps) {
  return (
    <Field name={name} error={errors[field]} hint={hint}>
      {(aria) => (
        <input
          {...aria}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          placeholder="0"
          value={text.numbers[field] ?? ''}
          onInput={(event) => change({ numbers: { ...text.numbers, [field]: event.currentTarget.value } })}
        />
      )}
    </Field>
  );
}
