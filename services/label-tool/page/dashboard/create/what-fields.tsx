import { plural } from '../../plot/numbers.ts';
import { Field } from './field.tsx';
import type { FormPart } from './form-part.ts';

/** On which images, and how regions are chosen. */
export function WhatFields({ form, text, errors, change }: FormPart) {
  const dataset = form.datasets.find(({ datasetId }) => datasetId === text.datasetId);
  const strategy = form.strategies.find(({ name }) => name === text.strategy);
  const preset = form.presets.find(({ name }) => name === text.preset);
  return (
    <fieldset class="panel form-part">
      <legend>What</legend>
      <Field
        name="Dataset"
        error={errors.datasetId}
        hint={
          dataset &&
          `${plural(dataset.trainImages, 'image')} to choose from, ${plural(dataset.valImages, 'image')} to measure on, ${plural(dataset.classes.length, 'class', 'classes')}${dataset.hasGroundTruth ? '' : '; without known labels, so people have to answer'}`
        }
      >
        {(aria) => (
          <select
            {...aria}
            value={text.datasetId}
            onChange={(event) => change({ datasetId: event.currentTarget.value })}
          >
            {form.datasets.map(({ datasetId, displayName }) => (
              <option key={datasetId} value={datasetId}>
                {displayName}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name="Strategy" error={errors.strategy} hint={strategy && `${strategy.summary} ${partsOf(strategy)}`}>
        {(aria) => (
          <select {...aria} value={text.strategy} onChange={(event) => change({ strategy: event.currentTarget.value })}>
            {form.strategies.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name="Preset" error={errors.preset} hint={preset?.summary}>
        {(aria) => (
          <select {...aria} value={text.preset} onChange={(event) => change({ preset: event.currentTarget.value })}>
            {form.presets.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        name="Name"
        error={errors.campaignId}
        hint="Lower-case letters, digits and hyphens; left empty, it is made from the settings"
      >
        {(aria) => (
          <input
            {...aria}
            type="text"
            autocomplete="off"
            value={text.campaignId}
            onInput={(event) => change({ campaignId: event.currentTarget.value })}
          />
        )}
      </Field>
    </fieldset>
  );
}

function partsOf({ wholeImages, extends: extended }: FormPart['form']['strategies'][number]): string {
  return `${wholeImages ? 'Whole images are labelled' : 'Regions are labelled'}${extended ? ', and labels are extended free of cost' : ''}.`;
}
