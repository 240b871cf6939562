import type { CampaignForm } from '../../../dashboard-types.ts';
import type { FieldErrors, FormText } from './draft-form.ts';

/** What a part of the form gets. */
export interface FormPart {
  readonly form: CampaignForm;
  readonly text: FormText;
  readonly errors: FieldErrors;
  readonly change: (part: Partial<FormText>) => void;
}
