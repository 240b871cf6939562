// How much is labelled, and the finer numbers, which most campaigns leave to their preset.
import { defaultOf, FINE_NUMBERS, MAIN_NUMBERS, type NumberField } from './draft-form.ts';
import { Field } from './field.tsx';
import type { FormPart } from './form-part.ts';

const NUMBER_TEXT: Readonly<Record<NumberField, { readonly name: string; readonly hint: string }>> = {
  cycles: { name: 'Cycles', hint: 'Trainings; between two of them labels are acquired' },
  initialImages: { name: 'Initial images', hint: 'Labelled whole before the first training' },
  budgetImages: { name: 'Budget a cycle', hint: 'In image equivalents' },
  subsetImages: { name: 'Subset', hint: 'Images in which regions are searched; 0: twice the budget' },
  regionSizePx: { name: 'Region side, px', hint: 'Odd; 0: an eighth of the height' },
  regionSpacingPx: { name: 'Space between regions, px', hint: '0: they may touch' },
  height: { name: 'Height, px', hint: 'Of training and labelling' },
  width: { name: 'Width, px', hint: 'Of training and labelling' },
  passes: { name: 'Stochastic passes', hint: 'Votes for the entropy' },
  sigma: { name: 'Sigma', hint: 'Width of the Gaussian across a region' },
  seed: { name: 'Seed', hint: 'Equal seeds give equal campaigns' },
  steps: { name: 'Training steps', hint: '0: epochs decide' },
  epochs: { name: 'Epochs', hint: 'Where steps are 0' },
  batchSize: { name: 'Batch', hint: 'Images a step' },
};

const PRETRAINED: Readonly<Record<string, boolean>> = { true: true, false: false };

export function NumberFields(part: FormPart) {
  const { form, text, errors, change } = part;
  const wrong = FINE_NUMBERS.some((field) => errors[field]);
  return (
    <fieldset class="panel form-part">
      <legend>How much</legend>
      <div class="number-grid">
        {MAIN_NUMBERS.map((field) => (
          <OneNumber key={field} field={field} {...part} />
        ))}
      </div>
      <details open={wrong || undefined}>
        <summary>Finer settings</summary>
        <div class="number-grid">
          {FINE_NUMBERS.map((field) => (
            <OneNumber key={field} field={field} {...part} />
          ))}
          <Field name="Encoder" error={errors.encoder} hint="Of the network">
            {(aria) => (
              <select
                {...aria}
                value={text.encoder}
                onChange={(event) => change({ encoder: event.currentTarget.value })}
              >
                <option value="">the preset’s</option>
                {form.encoders.map((encoder) => (
                  <option key={encoder} value={encoder}>
                    {encoder}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field name="First weights" error={errors.pretrained} hint="Of the encoder, where some were trained before">
            {(aria) => (
              <select
                {...aria}
                value={String(text.pretrained)}
                onChange={(event) => change({ pretrained: PRETRAINED[event.currentTarget.value] ?? null })}
              >
                <option value="null">the preset’s</option>
                <option value="true">trained on ImageNet</option>
                <option value="false">random</option>
              </select>
            )}
          </Field>
        </div>
      </details>
    </fieldset>
  );
}

function OneNumber({ field, form, text, errors, change }: FormPart & { readonly field: NumberField }) {
  const preset = form.presets.find(({ name }) => name === text.preset);
  const { name, hint } = NUMBER_TEXT[field];
  return (
    <Field name={name} error={errors[field]} hint={hint}>
      {(aria) => (
        <input
          {...aria}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          placeholder={defaultOf(preset, field)}
          value={text.numbers[field] ?? ''}
          onInput={(event) => change({ numbers: { ...text.numbers, [field]: event.currentTarget.value } })}
        />
      )}
    </Field>
  );
}
