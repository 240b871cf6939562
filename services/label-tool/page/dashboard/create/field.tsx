// A field with its name, a hint, and what is wrong with it, where eyes and screen readers look for it.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldProps {
  readonly name: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  /** @param aria what the control takes over */
  readonly children: (aria: FieldAria) => ComponentChildren;
}

export interface FieldAria {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

export function Field({ name, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div class={error ? 'form-field wrong' : 'form-field'}>
      <label for={id}>{name}</label>
      {children({ id, 'aria-describedby': `${id}-says`, 'aria-invalid': error !== undefined })}
      <p id={`${id}-says`} class={error ? 'field-error' : 'quiet'}>
        {error ?? hint}
      </p>
    </div>
  );
}
