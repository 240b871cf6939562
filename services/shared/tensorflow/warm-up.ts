// Loads TensorFlow, so that a service is ready when its compute process is.
import { describeTensorFlow, type TensorFlowDescription } from './tensorflow.ts';

export default async function warmUp(): Promise<TensorFlowDescription> {
  return describeTensorFlow();
}
