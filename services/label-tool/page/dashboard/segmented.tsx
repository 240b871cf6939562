export interface SegmentedProps<Value extends string> {
  readonly name: string;
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly text: string; readonly disabled?: boolean }[];
  readonly value: Value;
  readonly choose: (value: Value) => void;
}

/** A choice among few, all of them seen. */
export function Segmented<Value extends string>({ name, label, choices, value, choose }: SegmentedProps<Value>) {
  return (
    <fieldset class="segmented">
      <legend class="hidden">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} class={choice.value === value ? 'chosen' : choice.disabled ? 'disabled' : undefined}>
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            disabled={choice.disabled ?? false}
            onChange={() => choose(choice.value)}
          />
          {choice.text}
        </label>
      ))}
    </fieldset>
  );
}
